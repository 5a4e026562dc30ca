using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Computes an integration's rules when samples of it were pushed, as a scrape does. A sender is not kept waiting, and many pushes
/// in a row are one computation now and one a second later: a Prometheus sends the samples of one scrape in several requests.
/// </summary>
public sealed class RuleWakes(RuleBoard board, TimeProvider clock, ILogger<RuleWakes> log) : IAsyncDisposable
{
    /// <summary>The shortest pause between two computations of one integration.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Clocks differ by that much; a sample from further ahead counts when its time has come.
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Partner, string Integration), Line> _lines = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Samples were committed; returns at once.</summary>
    public void Pushed(IReadOnlyList<SeriesSamples> series)
    {
        foreach (var group in series.Where(s => s.Samples.Length > 0 && s.Labels["partner"].Length > 0).GroupBy(s => (s.Labels["partner"], s.Labels["integration"])))
        {
            // What was pushed without an integration belongs to the first, as for the rules themselves.
            var key = group.Key.Item2.Length > 0 ? group.Key : (group.Key.Item1, Integration.MainSlug);
            if (!_stop.IsCancellationRequested && board.Watches(key.Item1, key.Item2))
            {
                Wake(_lines.GetOrAdd(key, _ => new Line()), key, group.Max(s => s.Samples.Max(p => p.Time)));
            }
        }
    }

    /// <summary>Returns when nothing is computed or waits to be.</summary>
    public Task SettledAsync() => Task.WhenAll(_lines.Values.Select(l => l.Work));

    /// <summary>Ends what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await SettledAsync();
        _stop.Dispose();
    }

    private void Wake(Line line, (string Partner, string Integration) key, long newest)
    {
        lock (line)
        {
            line.Newest = Math.Max(line.Newest ?? newest, newest);
            if (!line.Busy)
            {
                (line.Busy, line.Work) = (true, Task.Run(() => WorkAsync(line, key)));
            }
        }
    }

    private async Task WorkAsync(Line line, (string Partner, string Integration) key)
    {
        while (!_stop.IsCancellationRequested)
        {
            long newest;
            lock (line)
            {
                if (line.Newest is not { } waiting)
                {
                    line.Busy = false;
                    return;
                }

                (newest, line.Newest) = (waiting, null);
            }

            try
            {
                var at = DateTimeOffset.FromUnixTimeMilliseconds(newest);
                await board.ComputeAsync(key.Partner, key.Integration, at - clock.GetUtcNow() <= MostAhead ? at : clock.GetUtcNow(), _stop.Token);
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                log.LogWarning("Pushed samples of {Partner} woke its rules in vain: {Reason}", key.Partner, e.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // Real time on purpose: this is about the work, not about the clock that tests move.
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Line
    {
        public long? Newest { get; set; }

        public bool Busy { get; set; }

        public Task Work { get; set; } = Task.CompletedTask;
    }
}
