using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>Stands between two programs on loopback and counts what passes: bytes in both directions, and how often the caller spoke and was answered.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private static readonly byte[] Commit = "COMMIT"u8.ToArray();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _to;
    private readonly byte[]? _about;
    private readonly Task _accepting;
    private long _turns;
    private long _bytes;

    /// <summary>Starts to listen.</summary>
    /// <param name="to">The port to which everything goes on.</param>
    /// <param name="about">Round trips count only when the caller mentions this, or commits what it began so; null: all of them.</param>
    public Relay(int to, string? about = null)
    {
        (_to, _about) = (to, about is null ? null : Encoding.UTF8.GetBytes(about));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where callers connect.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Round trips so far: times that a caller spoke after it had been answered. What is sent in one go counts once.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>Bytes so far, in both directions, as TCP carries them: with the frames of the protocols above, without its own headers.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var caller = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = CarryAsync(caller);
        }
    }

    private async Task CarryAsync(TcpClient caller)
    {
        using (caller)
        using (var service = new TcpClient { NoDelay = true })
        {
            caller.NoDelay = true;
            try
            {
                await service.ConnectAsync(IPAddress.Loopback, _to, _end.Token);
                var talk = new Talk();
                await Task.WhenAny(PumpAsync(caller, service, said => CountTurn(talk, said)), PumpAsync(service, caller, _ => talk.Answered = true));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // One side ended; the other one notices.
            }
        }
    }

    private void CountTurn(Talk talk, ReadOnlyMemory<byte> said)
    {
        if (!talk.Answered)
        {
            return;
        }

        talk.Answered = false;
        var about = _about is null || said.Span.IndexOf(_about) >= 0;
        if (about || (talk.Counted && said.Span.IndexOf(Commit) >= 0))
        {
            Interlocked.Increment(ref _turns);
        }

        talk.Counted = about;
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Action<ReadOnlyMemory<byte>> passed)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            passed(buffer.AsMemory(0, count));
            Interlocked.Add(ref _bytes, count);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }

    private sealed class Talk
    {
        public volatile bool Answered = true;
        public bool Counted;
    }
}
