using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PartnerPortal.TestKit;

/// <summary>A mail as it arrived: who it was for, and the whole text with its headers.</summary>
public sealed record ArrivedMail(string To, string Text)
{
    /// <summary>When it arrived.</summary>
    public DateTimeOffset At { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>The value of a header; null when there is none.</summary>
    public string? Header(string name) => Text.Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];
}

/// <summary>An SMTP server on loopback that keeps what arrives. It can refuse, and it can take a mail and then hang up before it says so.</summary>
public sealed class FakeMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private FakeMailServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What arrived.</summary>
    public ConcurrentQueue<ArrivedMail> Mails { get; } = [];

    /// <summary>What was said to sign in.</summary>
    public ConcurrentQueue<string> SignIns { get; } = [];

    /// <summary>The answer to RCPT; 250 accepts.</summary>
    public string Recipient { get; set; } = "250 OK";

    /// <summary>Whether it takes the next mail and hangs up without an answer.</summary>
    public bool HangsUpAfterData { get; set; }

    /// <summary>Opens a server.</summary>
    public static FakeMailServer Open() => new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        List<Task> talks = [];
        while (!_stop.IsCancellationRequested)
        {
            talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var owned = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 fake ESMTP");
        var to = "";
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteAsync("250-fake\r\n250-AUTH PLAIN XOAUTH2\r\n250 8BITMIME\r\n");
                    break;
                case "AUTH":
                    SignIns.Enqueue(line);
                    await writer.WriteLineAsync("235 OK");
                    break;
                case "RCPT":
                    to = line.Split('<', '>')[1];
                    await writer.WriteLineAsync(Recipient);
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    if (await ReadMailAsync(reader) is not { } text)
                    {
                        return;
                    }

                    Mails.Enqueue(new(to, text));
                    if (HangsUpAfterData)
                    {
                        return;
                    }

                    await writer.WriteLineAsync($"250 2.0.0 queued as {Mails.Count}");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 OK");
                    break;
            }
        }
    }

    // Null when the sender ended before the mail did: such a mail did not arrive.
    private async Task<string?> ReadMailAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line == ".")
            {
                return text.ToString();
            }

            text.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        }

        return null;
    }
}
