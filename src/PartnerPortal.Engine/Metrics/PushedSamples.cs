using System.Collections.Concurrent;
using System.Globalization;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Takes samples that were pushed. They may come in any order and twice, up to an hour late; what two pushes say about one
/// sample is decided by the first. Their labels stay as they were sent.
/// </summary>
public sealed class PushedSamples(PushStore store, SeriesStore series, TimeProvider clock) : ISampleSink
{
    /// <summary>The oldest sample that is taken.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromHours(1);

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);
    private const int MostRemembered = 200_000;

    private readonly ConcurrentDictionary<Writer, Guid> _writers = new();
    private readonly ConcurrentDictionary<(Guid Writer, LabelSet Labels), int> _numbers = new();

    /// <inheritdoc/>
    public async Task AppendAsync(IReadOnlyList<SeriesSamples> series, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (oldest, newest) = ((now - Latest).ToUnixTimeMilliseconds(), (now + Ahead).ToUnixTimeMilliseconds());
        var taken = series.Select(s => s with { Samples = [.. s.Samples.Where(p => p.Time >= oldest && p.Time <= newest)] }).Where(s => s.Samples.Length > 0).ToList();
        var late = series.Sum(s => s.Samples.Count(p => p.Time < oldest));
        var early = series.Sum(s => s.Samples.Count(p => p.Time > newest));
        if (taken.Count > 0)
        {
            await KeepAsync(taken, now.ToUnixTimeMilliseconds(), cancel);
        }

        if (late + early > 0)
        {
            throw new SamplesRefused(late + early, Reason(late, early));
        }
    }

    private static string Reason(int late, int early) => string.Join(' ', new[]
    {
        late == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{late} samples are more than an hour old and were not kept."),
        early == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{early} samples are more than ten minutes in the future and were not kept."),
    }.Where(s => s.Length > 0));

    private async Task KeepAsync(List<SeriesSamples> taken, long now, CancellationToken cancel)
    {
        if (_numbers.Count > MostRemembered)
        {
            _numbers.Clear();
        }

        var byWriter = taken.GroupBy(s => new Writer(s.Labels["partner"], s.Labels["job"], s.Labels["instance"])).ToList();
        var unknown = byWriter.Select(g => g.Key).Where(w => !_writers.ContainsKey(w)).ToList();
        if (unknown.Count > 0)
        {
            foreach (var (writer, id) in unknown.Zip(await store.WritersAsync(unknown, cancel)))
            {
                _writers[writer] = id;
            }
        }

        List<(Guid, ScrapeRow)> rows = [];
        foreach (var group in byWriter)
        {
            var writer = _writers[group.Key];
            rows.AddRange(RowsOf(writer, group, await NumberAsync(writer, [.. group], now, cancel)));
        }

        await store.AppendAsync(rows, cancel);
    }

    private async Task<IReadOnlyDictionary<LabelSet, int>> NumberAsync(Guid writer, List<SeriesSamples> group, long now, CancellationToken cancel)
    {
        var numbers = new Dictionary<LabelSet, int>();
        List<LabelSet> unknown = [];
        foreach (var labels in group.Select(s => s.Labels).Distinct())
        {
            if (_numbers.TryGetValue((writer, labels), out var number))
            {
                numbers[labels] = number;
            }
            else
            {
                unknown.Add(labels);
            }
        }

        if (unknown.Count > 0)
        {
            foreach (var (labels, number) in unknown.Zip(await series.NumberAsync(writer, unknown, now, cancel)))
            {
                numbers[labels] = _numbers[(writer, labels)] = number;
            }
        }

        return numbers;
    }

    /// <summary>One row per instant; of several values of one series at one instant the first stays.</summary>
    private static IEnumerable<(Guid, ScrapeRow)> RowsOf(Guid writer, IEnumerable<SeriesSamples> group, IReadOnlyDictionary<LabelSet, int> numbers)
    {
        var rows = new SortedDictionary<long, SortedDictionary<int, double>>();
        foreach (var one in group)
        {
            var number = numbers[one.Labels];
            foreach (var sample in one.Samples)
            {
                if (!rows.TryGetValue(sample.Time, out var row))
                {
                    rows[sample.Time] = row = [];
                }

                row.TryAdd(number, PushedRows.Keep(sample.Value));
            }
        }

        return rows.Select(r => (writer, new ScrapeRow(r.Key, [.. r.Value.Keys], [.. r.Value.Values])));
    }
}
