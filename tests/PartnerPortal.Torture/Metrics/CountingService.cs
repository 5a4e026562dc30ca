using System.Globalization;
using System.Net;
using System.Text;

namespace PartnerPortal.Torture.Metrics;

/// <summary>A metrics service whose figures change with every page, full-precision ones among them.</summary>
internal sealed class CountingService : IDisposable
{
    public const int Series = 6;
    private readonly HttpListener _listener = new();
    private int _page;

    public CountingService()
    {
        Endpoint = "127.0.0.1:" + PortalProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        _listener.Prefixes.Add($"http://{Endpoint}/");
        _listener.Start();
        _ = AnswerAsync();
    }

    public string Endpoint { get; }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var call = await _listener.GetContextAsync();
                var page = Encoding.UTF8.GetBytes(Page(Interlocked.Increment(ref _page)));
                call.Response.ContentType = "text/plain; version=0.0.4";
                await call.Response.OutputStream.WriteAsync(page);
                call.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The portal was killed in the middle of an answer, or the test is over.
            }
        }
    }

    private static string Page(int page) => string.Concat(Enumerable.Range(0, Series)
        .Select(n => string.Create(CultureInfo.InvariantCulture, $"figure{{n=\"{n}\"}} {(n % 2 == 0 ? page * (n + 1) : Math.Sin(page * (n + 1))):R}\n")));
}
