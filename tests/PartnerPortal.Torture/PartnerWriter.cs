using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PartnerPortal.Torture;

/// <summary>Creates partners over HTTP as fast as it is answered and remembers which were promised with 201.</summary>
internal sealed class PartnerWriter(int writers)
{
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<string> _promised = new();
    private int _number;
    private string _refusal = "no answer at all";

    public IReadOnlyCollection<string> Promised => _promised;

    /// <summary>Writes until told to stop; a refused connection or an error answer is simply not a promise.</summary>
    public Task WriteAsync(HttpClient http, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, writers).Select(_ => WriteOneByOneAsync(http, stop)));

    /// <summary>Returns when so many were promised; fails when no progress is made.</summary>
    public async Task UntilPromisedAsync(int count, CancellationToken cancel)
    {
        for (var outage = Stopwatch.StartNew(); _promised.Count < count;)
        {
            Assert.True(outage.Elapsed < LongestOutage, $"Only {_promised.Count} of {count} partners could be created. Last: {_refusal}");
            await Task.Delay(20, cancel);
        }
    }

    /// <summary>Those of the promised partners that the portal does not know, or knows without the integration made with them.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(HttpClient http, CancellationToken cancel)
    {
        var missing = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(_promised, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancel }, async (slug, token) =>
        {
            var answer = await AskAsync(http, $"/api/v1/partners/{slug}/integrations/main", token);
            if (answer != HttpStatusCode.OK)
            {
                missing.Enqueue($"{slug}: {answer}");
            }
        });
        return [.. missing];
    }

    // "Database away" asks to come again: connections to a crashed server are found out one by one.
    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string path, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancel);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || tries == 20)
            {
                return answer.StatusCode;
            }

            await Task.Delay(100, cancel);
        }
    }

    private async Task WriteOneByOneAsync(HttpClient http, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var slug = "p" + Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
            try
            {
                using var answer = await http.PostAsJsonAsync(new Uri("/api/v1/partners", UriKind.Relative), new { slug, name = "Partner " + slug }, stop);
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    _promised.Enqueue((await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("slug").GetString()!);
                }
                else
                {
                    _refusal = await answer.Content.ReadAsStringAsync(stop);
                    await Task.Delay(50, stop);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The portal was killed under this request, or the round is over.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }
}
