using System.Globalization;
using System.Net;
using System.Text;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>A metrics service with one gauge that is 0 or 1 as the benchmark says, among counters that always grow. It answers whoever asks.</summary>
internal sealed class FlippingService : IDisposable
{
    /// <summary>How many counters stand beside the gauge.</summary>
    public const int Series = 500;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly HttpListener _listener = new();
    private readonly Lock _door = new();
    private TaskCompletionSource _sent = new();
    private bool _on;
    private int _scrapes;

    public FlippingService()
    {
        Port = Random.Shared.Next(20_000, 60_000);
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));
        _listener.Start();
        _ = Task.Run(AnswerAsync);
    }

    public int Port { get; }

    /// <summary>Turns the gauge and waits until a page that says so was sent to its last byte.</summary>
    public Task SentAsync(bool on, CancellationToken cancel)
    {
        lock (_door)
        {
            (_on, _sent) = (on, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _sent.Task.WaitAsync(LongestWait, cancel);
        }
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var asked = await _listener.GetContextAsync();
                TaskCompletionSource sent;
                byte[] page;
                lock (_door)
                {
                    (sent, page) = (_sent, Encoding.UTF8.GetBytes(Page(_on, _scrapes++)));
                }

                asked.Response.ContentType = "text/plain; version=0.0.4";
                await asked.Response.OutputStream.WriteAsync(page);
                asked.Response.Close();
                sent.TrySetResult();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The benchmark ends, or the portal hung up; the next scrape asks again.
            }
        }
    }

    private static string Page(bool on, int scrape)
    {
        var page = new StringBuilder(on ? "bench_flip 1\n" : "bench_flip 0\n");
        for (var i = 0; i < Series; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"bench_filler_total{{shard=\"{i % 10}\",series=\"{i}\"}} {scrape * 7 + i}\n");
        }

        return page.ToString();
    }
}
