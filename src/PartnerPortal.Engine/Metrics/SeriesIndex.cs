using System.Diagnostics;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>A series that can be read: its number, whose it is, and its labels with those of its source.</summary>
public sealed record KnownSeries(int Id, Guid SourceId, LabelSet Labels, long FirstAt, long LastAt);

/// <summary>
/// All series in memory, found by their labels. What this portal enters is seen at once, what another one enters within a
/// second. When a source is renamed or removed, and once an hour, the whole is read again. Series that ended before every sample
/// is kept do not cost memory: they are looked for in the database when somebody reads that far back.
/// </summary>
public sealed class SeriesIndex(SeriesStore store, Retention kept, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rebuild = TimeSpan.FromHours(1);

    // Numbers are given before they are committed: one may appear below others for as long as its statement ran.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);
    private static readonly long PushedLate = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private static readonly HashSet<int> Nothing = [];

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Queue<(long At, int Highest)> _highest = new();
    private LabelIndex _labels = new();
    private List<KnownSeries> _series = [];
    private HashSet<int> _ids = [];
    private IReadOnlyDictionary<Guid, SourceLabels> _sources = new Dictionary<Guid, SourceLabels>();
    private int _floor;
    private long _entered = -1;
    private long _looked;
    private long _built;
    private long _builtAt;
    private long _since;

    /// <summary>The series that a selector means and that may have samples between two instants.</summary>
    public async Task<List<KnownSeries>> FindAsync(Selector selector, long from, long to, CancellationToken cancel)
    {
        await RefreshAsync(cancel);
        List<KnownSeries> found = [];
        if (from < Interlocked.Read(ref _since))
        {
            var ended = await store.EndedAsync(selector.MetricName, from, Interlocked.Read(ref _since), cancel);
            found.AddRange(ended.Select(s => Known(s, _sources)).Where(s => s.FirstAt - PushedLate <= to && selector.Matches(s.Labels)));
        }

        lock (_lock)
        {
            foreach (var position in _labels.Find(selector.Matchers))
            {
                var series = _series[position];
                var lives = series.LastAt + SeriesStore.MarkedWithin;
                // Whoever lived when the index was built may live now.
                if (series.FirstAt - PushedLate <= to && (lives >= from || lives >= _builtAt))
                {
                    found.Add(series);
                }
            }

            return found;
        }
    }

    /// <summary>Whether this is a source that is scraped, rather than a writer of pushed samples.</summary>
    public bool IsScraped(Guid source) => _sources.ContainsKey(source);

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();

    private async Task RefreshAsync(CancellationToken cancel)
    {
        if (IsFresh())
        {
            return;
        }

        await _refreshing.WaitAsync(cancel);
        try
        {
            if (IsFresh())
            {
                return;
            }

            var entered = store.Entered;
            var now = Stopwatch.GetTimestamp();
            // First the series, then the sources: a source whose series is seen is seen, too.
            var whole = _built == 0 || Stopwatch.GetElapsedTime(_built) > Rebuild;
            var since = (clock.GetUtcNow() - kept.Raw).ToUnixTimeMilliseconds() - SeriesStore.MarkedWithin;
            var stored = whole ? await store.AboveAsync(0, since, Nothing, cancel) : await store.AboveAsync(_floor, since, _ids, cancel);
            var sources = await store.SourcesAsync(cancel);
            if (!whole && _sources.Any(s => !sources.TryGetValue(s.Key, out var labels) || labels != s.Value))
            {
                stored = await store.AboveAsync(0, since, Nothing, cancel);
                (whole, sources) = (true, await store.SourcesAsync(cancel));
            }

            if (whole)
            {
                Build(sources, stored, since, now);
            }
            else
            {
                Add(sources, stored, now);
            }

            (_entered, _looked) = (entered, now);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private bool IsFresh() => _looked != 0 && store.Entered == Interlocked.Read(ref _entered) && Stopwatch.GetElapsedTime(Interlocked.Read(ref _looked)) < LookAgain;

    private void Build(IReadOnlyDictionary<Guid, SourceLabels> sources, IReadOnlyList<StoredLabels> stored, long since, long now)
    {
        var labels = new LabelIndex();
        var series = new List<KnownSeries>(stored.Count);
        foreach (var one in stored)
        {
            series.Add(Known(one, sources));
            labels.Add(series[^1].Labels);
        }

        lock (_lock)
        {
            (_labels, _series, _ids, _sources) = (labels, series, [.. stored.Select(s => s.Id)], sources);
            (_built, _builtAt, _since) = (now, clock.GetUtcNow().ToUnixTimeMilliseconds(), since);
        }

        _highest.Clear();
        _floor = 0;
        Settle(now, stored.Count == 0 ? 0 : stored[^1].Id);
    }

    private void Add(IReadOnlyDictionary<Guid, SourceLabels> sources, IReadOnlyList<StoredLabels> stored, long now)
    {
        lock (_lock)
        {
            _sources = sources;
            foreach (var one in stored.Where(s => _ids.Add(s.Id)))
            {
                _series.Add(Known(one, sources));
                _labels.Add(_series[^1].Labels);
            }
        }

        Settle(now, stored.Count == 0 ? _floor : stored[^1].Id);
    }

    /// <summary>Remembers the highest number seen; what was highest a minute ago need not be read again.</summary>
    private void Settle(long now, int highest)
    {
        _highest.Enqueue((now, highest));
        var floor = _floor;
        while (_highest.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.At, now) > Settled)
        {
            _floor = Math.Max(_floor, oldest.Highest);
            _highest.Dequeue();
        }

        if (_floor > floor)
        {
            _ids.RemoveWhere(id => id <= _floor);
            _ids.TrimExcess();
        }
    }

    private static KnownSeries Known(StoredLabels stored, IReadOnlyDictionary<Guid, SourceLabels> sources) =>
        new(stored.Id, stored.SourceId, LabelsOf(stored, sources.GetValueOrDefault(stored.SourceId)), stored.FirstAt, stored.LastAt);

    /// <summary>The labels of a series with those that its source adds; what was pushed has no source and keeps its labels as they were sent.</summary>
    public static LabelSet LabelsOf(StoredLabels stored, SourceLabels? source) => source is null
        ? stored.Labels
        : LabelSet.Of(stored.Labels.Where(l => l.Name is not ("partner" or "integration" or "source" or "side"))
            .Append(new("partner", source.Partner)).Append(new("integration", source.Integration)).Append(new("source", source.Source)).Append(new("side", source.Side)));
}
