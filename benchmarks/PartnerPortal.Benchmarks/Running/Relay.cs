using System.Net;
using System.Net.Sockets;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>Stands between two programs on loopback and counts what passes: bytes in both directions, and how often the caller spoke and was answered.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _to;
    private readonly Task _accepting;
    private long _turns;
    private long _bytes;

    public Relay(int to)
    {
        _to = to;
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
                var answered = new StrongBox(true);
                await Task.WhenAny(PumpAsync(caller, service, () => CountTurn(answered)), PumpAsync(service, caller, () => answered.Value = true));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // One side ended; the other one notices.
            }
        }
    }

    private void CountTurn(StrongBox answered)
    {
        if (answered.Value)
        {
            answered.Value = false;
            Interlocked.Increment(ref _turns);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Action passed)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            passed();
            Interlocked.Add(ref _bytes, count);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }

    private sealed class StrongBox(bool value)
    {
        public volatile bool Value = value;
    }
}
