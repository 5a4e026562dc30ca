using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Running;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.RemoteWrite;

namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>
/// Forwards the log to the bigger engine, source by source in order of time, and lets go of what the engine took. While it takes
/// nothing the log is the queue; what waits for too long goes into the portal's own blocks, where readers find it as well.
/// </summary>
public sealed class ForwardModule(ForwardStore store, SealStore seals, SeriesStore series, PrometheusClient engine, MetricsEngine settings, TimeProvider clock) : IEngineModule
{
    private const int SourcesAtOnce = 20;
    private const int RowsAtOnce = 30;
    private const int MostSamples = 10_000;
    private const long Minute = 60_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    private readonly ForwardRows _rows = new(store, series);
    private DateTimeOffset _again = DateTimeOffset.MinValue;
    private int _failures;

    /// <inheritdoc/>
    public string Name => "forward metrics";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(1);

    /// <summary>Why the engine cannot be used, as far as this portal knows; null while it can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>For how long samples of a source are read from the log although the engine has them: rules read no engine for them, and a restart reads them into memory again.</summary>
    public static TimeSpan HeldOf(TimeSpan interval) => SealStore.WindowOf(interval) is var window && window > Heads.Kept ? window : Heads.Kept;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        var started = clock.GetUtcNow();
        var places = await PlacesAsync(cancel);
        await LetGoAsync(places, started.ToUnixTimeMilliseconds(), cancel);
        if (started < _again)
        {
            await KeepAsync(places, started, cancel);
            return;
        }

        try
        {
            while (places.Any(p => p.WaitsFrom is not null) && clock.GetUtcNow() - started < LongestRun)
            {
                await KeepAsync(places, started, cancel);
                await ForwardAsync(places, cancel);
                places = await PlacesAsync(cancel);
            }

            (_failures, Trouble) = (0, null);
        }
        catch (Exception e)
        {
            _rows.Forget();
            if (e is EngineAway)
            {
                Trouble = e.Message;
                _again = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, 1 << Math.Min(10, _failures++)));
            }

            throw;
        }
    }

    private Task<IReadOnlyList<ForwardPlace>> PlacesAsync(CancellationToken cancel) =>
        store.PlacesAsync((clock.GetUtcNow() - PushedSamples.Latest - Slack).ToUnixTimeMilliseconds(), cancel);

    private async Task ForwardAsync(IReadOnlyList<ForwardPlace> places, CancellationToken cancel)
    {
        var sources = await series.SourcesAsync(cancel);
        var before = (clock.GetUtcNow() - PushedSamples.Latest - Slack).ToUnixTimeMilliseconds();
        foreach (var group in places.Where(p => p.WaitsFrom is not null).GroupBy(p => p.Pushed))
        {
            foreach (var some in group.Chunk(SourcesAtOnce))
            {
                var from = some.Select(p => (p.SourceId, p.After)).ToList();
                var rows = group.Key ? await store.PushesAsync(from, before, RowsAtOnce, cancel) : await store.ScrapesAsync(from, RowsAtOnce, cancel);
                var bySource = some.ToDictionary(p => p.SourceId);
                List<ForwardRow> batch = [];
                foreach (var (source, row) in rows)
                {
                    batch.Add(await _rows.NextAsync(bySource[source], row, sources.GetValueOrDefault(source), cancel));
                    if (batch.Sum(r => r.Samples.Count) >= MostSamples)
                    {
                        await SendAsync(batch, cancel);
                        batch = [];
                    }
                }

                await SendAsync(batch, cancel);
            }
        }
    }

    /// <summary>Sends rows and remembers how far they reach.</summary>
    private async Task SendAsync(List<ForwardRow> rows, CancellationToken cancel)
    {
        if (rows.Count > 0)
        {
            var moved = rows.GroupBy(r => r.SourceId).ToDictionary(g => g.Key, g => new Forwarded(g.Key, g.Max(r => r.Time), 0, 0, null));
            await SendAsync(rows, moved, cancel);
            await store.MoveAsync(moved.Values, cancel);
        }
    }

    /// <summary>
    /// Engines refuse a request as a whole for the sake of one sample: so a refused one is sent again by halves, the older half first,
    /// until only the sample that is meant is left out and counted.
    /// </summary>
    private async Task SendAsync(List<ForwardRow> rows, Dictionary<Guid, Forwarded> moved, CancellationToken cancel)
    {
        var samples = rows.Sum(r => r.Samples.Count);
        var refusal = samples > 0 ? await engine.WriteAsync(RequestOf(rows), cancel) : null;
        if (refusal is not null && samples > 1)
        {
            var (one, other) = Halves(rows);
            await SendAsync(one, moved, cancel);
            await SendAsync(other, moved, cancel);
            return;
        }

        foreach (var row in rows)
        {
            var so = moved[row.SourceId];
            moved[row.SourceId] = refusal is null ? so with { Samples = so.Samples + row.Samples.Count } : so with { Refused = so.Refused + row.Samples.Count, Refusal = refusal };
        }
    }

    private static (List<ForwardRow> One, List<ForwardRow> Other) Halves(List<ForwardRow> rows)
    {
        if (rows.Count > 1)
        {
            return (rows[..(rows.Count / 2)], rows[(rows.Count / 2)..]);
        }

        var (row, middle) = (rows[0], rows[0].Samples.Count / 2);
        return ([row with { Samples = row.Samples[..middle] }], [row with { Samples = row.Samples[middle..] }]);
    }

    private static WriteRequest RequestOf(List<ForwardRow> rows)
    {
        var bySeries = new Dictionary<LabelSet, List<Sample>>();
        foreach (var row in rows)
        {
            foreach (var (labels, value) in row.Samples)
            {
                if (!bySeries.TryGetValue(labels, out var samples))
                {
                    bySeries[labels] = samples = [];
                }

                samples.Add(new(row.Time, value));
            }
        }

        return new([.. bySeries.Select(s => new SeriesSamples(s.Key, [.. s.Value]))], []);
    }

    private async Task LetGoAsync(IReadOnlyList<ForwardPlace> places, long now, CancellationToken cancel)
    {
        foreach (var place in places)
        {
            var to = Math.Min(place.ForwardedTo, now - (long)HeldOf(place.Interval).TotalMilliseconds);
            if (to >= place.SealedTo + Minute)
            {
                await store.LetGoAsync(place.SourceId, to, _rows.LivingOf(place.SourceId), cancel);
            }
        }
    }

    private async Task KeepAsync(IReadOnlyList<ForwardPlace> places, DateTimeOffset now, CancellationToken cancel)
    {
        var oldest = (now - settings.Queue).ToUnixTimeMilliseconds();
        foreach (var place in places.Where(p => p.WaitsFrom < oldest))
        {
            // By whole windows, so that one block is not made of every row on its own.
            for (var end = SealStore.EndOf(place.WaitsFrom!.Value, SealStore.LongestWindow); end <= oldest; end += (long)SealStore.LongestWindow.TotalMilliseconds)
            {
                while ((place.Pushed ? await seals.SealPushesAsync(place.SourceId, end, cancel) : await seals.SealScrapesAsync(place.SourceId, end, cancel)) is { } to)
                {
                    await store.KeptAsync(place.SourceId, to, cancel);
                }
            }
        }
    }
}
