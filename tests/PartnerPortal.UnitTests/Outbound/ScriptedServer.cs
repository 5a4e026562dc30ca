using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PartnerPortal.UnitTests.Outbound;

/// <summary>A real socket on loopback that reads the head of each request and then does what the test says, well-behaved or not.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Stream, string, CancellationToken, Task> _answer;
    private readonly Func<Stream, Task<Stream>> _secure;
    private readonly Task _running;
    private int _accepted;

    public ScriptedServer(Func<Stream, string, CancellationToken, Task> answer, Func<Stream, Task<Stream>>? secure = null)
    {
        (_answer, _secure) = (answer, secure ?? Task.FromResult);
        _listener.Start();
        _running = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public int Accepted => Volatile.Read(ref _accepted);
    public string Allowed => $"127.0.0.1/32:{Port}";

    public Uri Url(string path = "/metrics", string host = "127.0.0.1", string scheme = "http") => new($"{scheme}://{host}:{Port}{path}");

    /// <summary>A server that gives one whole answer and closes.</summary>
    public static ScriptedServer Saying(string head, byte[] body) => new(async (stream, _, stop) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"), stop);
        await stream.WriteAsync(body, stop);
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running; // before the listener goes: a stopped listener refuses to be asked
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                open.Add(ServeAsync(client));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = await _secure(client.GetStream());
                await _answer(stream, await HeadAsync(stream), _stop.Token);
            }
            catch (Exception cut) when (cut is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client left; what it saw is the test's business.
            }
        }
    }

    private async Task<string> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
