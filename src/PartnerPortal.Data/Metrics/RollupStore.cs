using System.Diagnostics;
using Npgsql;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Rollups;

namespace PartnerPortal.Data.Metrics;

/// <summary>One stretch of time of one series: from <paramref name="Start"/> (milliseconds since 1970) on, as long as the rollup says.</summary>
public readonly record struct Rollup(long Start, double Min, double Max, double Sum, double Count, double Last);

/// <summary>The stretches of one series in one day, in order; an array that was not asked for is empty.</summary>
/// <param name="Series">Its number.</param>
/// <param name="Starts">Where the stretches begin, milliseconds since 1970.</param>
/// <param name="Min">The lowest values; the marker of an end where the series had none.</param>
/// <param name="Max">The highest values.</param>
/// <param name="Sum">The sums.</param>
/// <param name="Count">How many values there were.</param>
/// <param name="Last">The last values.</param>
public sealed record RollupDay(int Series, long[] Starts, double[] Min, double[] Max, double[] Sum, double[] Count, double[] Last)
{
    /// <summary>The stretches that have values and begin from one instant to another, both included.</summary>
    public IEnumerable<Rollup> Within(long from, long to)
    {
        for (var i = 0; i < Starts.Length; i++)
        {
            if (Starts[i] >= from && Starts[i] <= to && !TimeSeries.Samples.IsStale(Min[i]))
            {
                yield return new(Starts[i], Min[i], At(Max, i), At(Sum, i), At(Count, i), At(Last, i));
            }
        }
    }

    private static double At(double[] values, int at) => values.Length == 0 ? 0 : values[at];
}

/// <summary>Reads rollups: far fewer values than were scraped, kept for years. Which days there are is asked at most every other second; their columns are kept in memory, up to a bound.</summary>
public sealed class RollupStore(NpgsqlDataSource database)
{
    private const long Day = 24 * 3_600_000;
    private const long MostColumnBytes = 16 * 1024 * 1024;
    private const long MostIndexBytes = 16 * 1024 * 1024;
    private const long MostAskedBytes = 1024 * 1024;
    private const string Written = "xmin::text::bigint";
    private const int MostTries = 5;
    private static readonly TimeSpan AskedFor = TimeSpan.FromSeconds(2);

    private readonly BoundedCache<(string Table, Guid Source, long Day), KnownBlock> _days = new(MostIndexBytes, day => 13L * day.Index.Series.Count);
    private readonly BoundedCache<(string Table, Guid Source), Asked> _asked = new(MostAskedBytes, asked => 8L * asked.Days.Count);
    private readonly BlockColumns _fiveMinutes = new(database, PartitionedTable.FiveMinutes, Written, MostColumnBytes);
    private readonly BlockColumns _hours = new(database, PartitionedTable.Hours, Written, MostColumnBytes);

    private sealed record Asked(long At, long From, long To, IReadOnlyList<KnownBlock> Days);

    /// <summary>The days of series that may hold stretches from one instant to another, in order for each series.</summary>
    /// <param name="table">Which rollups.</param>
    /// <param name="series">Numbers of series by source or writer.</param>
    /// <param name="from">Milliseconds since 1970.</param>
    /// <param name="to">Milliseconds since 1970.</param>
    /// <param name="parts">What is needed of each stretch, the lowest value at least.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<RollupDay>> ReadAsync(
        PartitionedTable table, IReadOnlyDictionary<Guid, int[]> series, long from, long to, IReadOnlyList<RollupPart> parts, CancellationToken cancel)
    {
        if (to < from || series.Count == 0)
        {
            return [];
        }

        var columns = table == PartitionedTable.Hours ? _hours : _fiveMinutes;
        for (var tries = 1; ; tries++)
        {
            var days = tries == 1 && Recent(table, series.Keys, from, to) is { } recent ? recent : await DaysAsync(table, series.Keys.ToArray(), from, to, cancel);
            if (await columns.ReadAsync(days, day => series[day.Source].SelectMany(id => parts.Select(part => RollupBlock.NumberOf(id, part))), cancel) is { } read)
            {
                return Together(days, series, read);
            }

            if (tries == MostTries)
            {
                throw new TimeoutException("Rollups were written again and again while they were read.");
            }
        }
    }

    /// <summary>The days of all sources if somebody asked for them a moment ago: the charts of a board are loaded together, and days are written at night.</summary>
    private List<KnownBlock>? Recent(PartitionedTable table, IEnumerable<Guid> sources, long from, long to)
    {
        List<KnownBlock> days = [];
        foreach (var source in sources)
        {
            if (!_asked.TryGet((table.Name, source), out var asked) || asked.From > from || asked.To < to || Stopwatch.GetElapsedTime(asked.At) > AskedFor)
            {
                return null;
            }

            days.AddRange(asked.Days.Where(d => d.From > from - Day && d.From <= to));
        }

        return days;
    }

    /// <summary>The days that there are, in order; the index only of those that are new or were written anew.</summary>
    private async Task<List<KnownBlock>> DaysAsync(PartitionedTable table, Guid[] sources, long from, long to, CancellationToken cancel)
    {
        var at = Stopwatch.GetTimestamp();
        var known = new Dictionary<(Guid, long), KnownBlock>();
        foreach (var source in sources)
        {
            for (var day = from / Day * Day; day <= to; day += Day)
            {
                if (_days.TryGet((table.Name, source, day), out var block))
                {
                    known[(source, day)] = block;
                }
            }
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT r.source_id, r.from_at, r.{Written}, CASE WHEN k.written IS NULL THEN r.index END FROM metrics.{table.Name} r
            LEFT JOIN unnest($4::uuid[], $5::bigint[], $6::bigint[]) AS k(source_id, from_at, written) ON k.source_id = r.source_id AND k.from_at = r.from_at AND k.written = r.{Written}
            WHERE r.source_id = ANY($1) AND r.from_at > $2 AND r.from_at <= $3 ORDER BY r.source_id, r.from_at
            """, connection);
        command.Parameters.Add(new() { Value = sources });
        command.Parameters.Add(new() { Value = from - Day });
        command.Parameters.Add(new() { Value = to });
        command.Parameters.Add(new() { Value = known.Values.Select(k => k.Source).ToArray() });
        command.Parameters.Add(new() { Value = known.Values.Select(k => k.From).ToArray() });
        command.Parameters.Add(new() { Value = known.Values.Select(k => k.To).ToArray() });
        await command.PrepareAsync(cancel);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<KnownBlock> days = [];
        while (await reader.ReadAsync(cancel))
        {
            var (source, day) = (reader.GetGuid(0), reader.GetInt64(1));
            if (reader.IsDBNull(3))
            {
                days.Add(known[(source, day)]);
                continue;
            }

            days.Add(new(source, day, reader.GetInt64(2), BlockIndex.Read(reader.GetFieldValue<byte[]>(3))));
            _days.Put((table.Name, source, day), days[^1]);
        }

        foreach (var source in sources)
        {
            _asked.Put((table.Name, source), new(at, from, to, [.. days.Where(d => d.Source == source)]));
        }

        return days;
    }

    private static List<RollupDay> Together(List<KnownBlock> days, IReadOnlyDictionary<Guid, int[]> series, List<ReadColumn> read)
    {
        var columns = new Dictionary<(Guid, long, int), double[]>(read.Count);
        foreach (var (day, number, values) in read)
        {
            columns[(day.Source, day.From, number)] = values;
        }

        List<RollupDay> found = [];
        foreach (var day in days)
        {
            foreach (var id in series[day.Source].Where(id => day.Index.Holds(RollupBlock.NumberOf(id, RollupPart.Min))))
            {
                found.Add(new(id, day.Index.Times, Of(RollupPart.Min), Of(RollupPart.Max), Of(RollupPart.Sum), Of(RollupPart.Count), Of(RollupPart.Last)));

                double[] Of(RollupPart part) => columns.GetValueOrDefault((day.Source, day.From, RollupBlock.NumberOf(id, part)), []);
            }
        }

        return found;
    }
}
