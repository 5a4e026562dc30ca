using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>Made-up services that answer their metrics under /t/NUMBER, each page a second of traffic further than the last.</summary>
internal sealed class IngestTargets : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly SyntheticTarget[] _targets;
    private long _answered;

    public IngestTargets(int count)
    {
        _targets = [.. Enumerable.Range(0, count).Select(n => new SyntheticTarget(n))];
        Endpoint = "127.0.0.1:" + FreePort().ToString(CultureInfo.InvariantCulture);
        _listener.Prefixes.Add($"http://{Endpoint}/");
        _listener.Start();
        _ = AnswerAsync();
    }

    public string Endpoint { get; }

    public int Count => _targets.Length;

    public int SeriesPerTarget => _targets[0].Count;

    /// <summary>Pages that were answered so far.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    public void Dispose() => _listener.Close();

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var call = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(call));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        try
        {
            var target = _targets[int.Parse(call.Request.Url!.Segments[^1], CultureInfo.InvariantCulture)];
            var page = new StringBuilder(100_000);
            lock (target)
            {
                target.Step(1);
                target.Write(page);
            }

            var bytes = Encoding.UTF8.GetBytes(page.ToString());
            call.Response.ContentType = "text/plain; version=0.0.4";
            call.Response.ContentLength64 = bytes.Length;
            await call.Response.OutputStream.WriteAsync(bytes);
            call.Response.Close();
            Interlocked.Increment(ref _answered);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Whoever asked is gone.
        }
    }
}
