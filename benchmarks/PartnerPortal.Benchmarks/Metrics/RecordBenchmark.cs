using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>Records what real services answer, for measuring on real figures.</summary>
internal static class RecordBenchmark
{
    private const int MostBytes = 16 * 1024 * 1024;

    public static Command Make()
    {
        var urls = new Option<string[]>("--url") { Description = "A page of metrics; several times for several. Absent: the node exporter on port 9100 (Debian: prometheus-node-exporter)." };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 1800 };
        var every = new Option<int>("--every") { Description = "Seconds between two pages.", DefaultValueFactory = _ => 5 };
        var folder = new Option<string>("--folder") { Description = "Where to.", DefaultValueFactory = _ => Path.Combine("artifacts", "recordings") };
        var token = new Option<string?>("--token") { Description = "A bearer token to send, for the portal's own /metrics." };
        var command = new Command("record", "Records the metrics of running services into a folder, for bench parse and bench size.") { urls, seconds, every, folder, token };
        command.SetAction((parsed, cancel) => Benchmark.GuardAsync(() => RunAsync(
            parsed.GetValue(urls) is { Length: > 0 } given ? given : ["http://localhost:9100/metrics"],
            TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(every))), parsed.GetValue(folder)!, parsed.GetValue(token), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string[] urls, TimeSpan how, TimeSpan every, string folder, string? token, CancellationToken cancel)
    {
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        (http.Timeout, http.MaxResponseContentBufferSize) = (every, MostBytes);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/plain;version=0.0.4");
        if (token is not null)
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        var recordings = urls.Select(u => (Url: new Uri(u), To: new Recording(NameOf(new Uri(u)), Path.Combine(folder, NameOf(new Uri(u)))))).ToList();
        Console.WriteLine($"Recording {recordings.Count} service(s) into {Path.GetFullPath(folder)} for {how.TotalSeconds:0} s; Ctrl+C ends it earlier.");
        var (kept, until) = (0, TimeProvider.System.GetUtcNow() + how);
        using var pace = new PeriodicTimer(every);
        try
        {
            do
            {
                foreach (var (url, to) in recordings)
                {
                    var at = TimeProvider.System.GetUtcNow();
                    await to.KeepAsync(at.ToUnixTimeMilliseconds(), await http.GetByteArrayAsync(url, cancel), cancel);
                    kept++;
                }
            }
            while (TimeProvider.System.GetUtcNow() < until && await pace.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // What was recorded until now is kept.
        }

        Console.WriteLine($"{kept} pages kept. Next: ./portal bench size --recording {folder}");
        return Benchmark.Good;
    }

    private static string NameOf(Uri url) => string.Concat($"{url.Host}-{url.Port}".Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
