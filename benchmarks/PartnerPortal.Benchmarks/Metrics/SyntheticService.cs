using System.Globalization;
using System.Net;
using System.Text;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>Made-up metrics services on one port of loopback, <c>/0</c>, <c>/1</c>…; time passes for each by a second with every second that went by.</summary>
internal sealed class SyntheticService : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly SyntheticTarget[] _targets;
    private readonly long[] _stepped;

    public SyntheticService(int port, int targets)
    {
        _targets = [.. Enumerable.Range(0, targets).Select(n => new SyntheticTarget(n))];
        _stepped = new long[targets];
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        _listener.Start();
    }

    /// <summary>Answers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = cancel.Register(_listener.Stop);
        var page = new StringBuilder();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var number = int.Parse(context.Request.Url!.AbsolutePath.Trim('/'), CultureInfo.InvariantCulture);
                Pass(number);
                _targets[number].Write(page.Clear());
                context.Response.ContentType = "text/plain; version=0.0.4";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(page.ToString()), cancel);
                context.Response.Close();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or OperationCanceledException)
            {
                // The scraper went away, or we are stopping.
            }
        }
    }

    public void Dispose() => _listener.Close();

    /// <summary>Two scrapers that come within the same second see the same figures.</summary>
    private void Pass(int number)
    {
        var now = TimeProvider.System.GetTimestamp() / TimeProvider.System.TimestampFrequency;
        if (_stepped[number] != now)
        {
            _targets[number].Step(_stepped[number] == 0 ? 1 : now - _stepped[number]);
            _stepped[number] = now;
        }
    }
}
