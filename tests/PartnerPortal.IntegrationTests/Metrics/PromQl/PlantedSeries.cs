using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>An hour and a half of series that hold everything expressions stumble over: resets, NaN, infinities, ends, gaps, odd intervals.</summary>
internal static class PlantedSeries
{
    public const long Start = 1_700_000_000_000;
    private const int Count = 360;

    public static IReadOnlyList<ReadSeries> All { get; } = Make();

    /// <summary>The same series, beginning at another instant.</summary>
    public static IReadOnlyList<ReadSeries> From(long start) =>
        [.. All.Select(s => s with { Samples = [.. s.Samples.Select(one => one with { Time = one.Time - Start + start })] })];

    private static List<ReadSeries> Make()
    {
        var noise = new Random(4711);
        List<ReadSeries> all =
        [
            Every15("c_total", i => i * 10, ("job", "a"), ("inst", "1")),
            Every15("c_total", i => i % 37 * 5, ("job", "a"), ("inst", "2")),
            Every15("c_total", i => i is > 100 and < 110 ? double.NaN : 1000 + i * 0.7, ("job", "b"), ("inst", "1")),
            Every15("c_total", i => i * (double)i / 7, ("job", "b"), ("inst", "2")),
            Every15("g", i => Math.Sin(i / 10d) * 50, ("job", "a"), ("inst", "1")),
            Every15("g", i => i % 7 - 3, ("job", "a"), ("inst", "2")),
            Every15("g", i => noise.NextDouble() * 1e-3, ("job", "b"), ("inst", "1")),
            Every15("g", i => 1e9 + noise.NextDouble(), ("job", "b"), ("inst", "2")),
            Every15("odd", i => i % 5 == 0 ? double.NaN : i % 7 == 0 ? double.PositiveInfinity : i, ("x", "nan")),
            Every15("odd", i => i % 11 == 0 ? double.NegativeInfinity : -i, ("x", "inf")),
            Every15("odd", _ => 42, ("x", "const")),
            Every15("odd", i => i < 200 ? double.PositiveInfinity : double.NegativeInfinity, ("x", "infs")),
            Every15("one", _ => 1),
            Every15("at", i => 951_782_400 + i * 86_400 * 3d + i, ("epoch", "leap")),
            Every15("at", i => -i * 1e7, ("epoch", "before")),
            Every15("left", i => i, ("a", "1"), ("b", "x"), ("n", "l")), Every15("left", i => i * 2, ("a", "2"), ("b", "x"), ("n", "l")),
            Every15("left", i => i * 3, ("a", "2"), ("b", "y"), ("n", "l")), Every15("left", i => i * 4, ("a", "3"), ("b", "y"), ("n", "l")),
            Every15("right", i => i + 100, ("a", "1")), Every15("right", i => i % 90 * 4, ("a", "2")), Every15("right", i => i, ("a", "4")),
            Every15("info", _ => 1, ("a", "1"), ("version", "v1")), Every15("info", _ => 1, ("a", "2"), ("version", "v2")),
            Every15("weird_bucket", i => i, ("le", "abc")), Every15("weird_bucket", i => i, ("le", "1")),
            Series("sparse", 600_000, 10, i => i * 100, 12_345, ("job", "a")),
            Series("late", 45_000, 110, i => i % 20, 7_001, ("job", "a")),
            Series("jitter", 15_000, Count, i => i * 2, 0, ("job", "a")) is var jitter
                ? jitter with { Samples = [.. jitter.Samples.Select(s => s with { Time = s.Time + noise.Next(0, 6000) })] } : jitter,
            Broken("stale", i => i is (>= 60 and < 90) or (>= 200 and < 204), marked: true, ("job", "a")),
            Broken("stale", i => i is (>= 100 and < 160), marked: true, ("job", "b")),
            Broken("gone", i => i is (>= 60 and < 100) or >= 250, marked: false, ("job", "a")),
            Broken("flip", i => i % 40 >= 20, marked: true, ("v", "1")), Broken("flop", i => i % 40 < 20, marked: true, ("v", "1")),
        ];
        foreach (var job in new[] { "a", "b" })
        {
            all.AddRange(Buckets("h_bucket", job, ("0.1", 1), ("0.2", 3), ("0.5", 4), ("1", 4.5), ("+Inf", 5)));
        }

        all.AddRange(Buckets("h2_bucket", "a", ("0.1", 1), ("0.2", 3), ("0.2000", 2), ("+Inf", 5)));
        all.AddRange(Buckets("h2_bucket", "sinks", ("0.1", 3), ("0.2", 2), ("0.5", 4), ("+Inf", 4)));
        all.AddRange(Buckets("h2_bucket", "noinf", ("0.1", 3), ("0.2", 2)));
        all.AddRange(Buckets("h2_bucket", "negative", ("-1", 1), ("0", 2), ("1", 3), ("+Inf", 4)));
        return all;
    }

    private static IEnumerable<ReadSeries> Buckets(string name, string job, params (string Bound, double Factor)[] buckets) =>
        buckets.Select(b => Every15(name, i => Math.Floor(i % 150 * b.Factor), ("job", job), ("le", b.Bound)));

    private static ReadSeries Every15(string name, Func<int, double> value, params (string, string)[] labels) => Series(name, 15_000, Count, value, 0, labels);

    private static ReadSeries Series(string name, long interval, int count, Func<int, double> value, long offset, params (string, string)[] labels) =>
        new(LabelSet.Of([("__name__", name), .. labels]), [.. Enumerable.Range(0, count).Select(i => new Sample(Start + offset + i * interval, value(i)))]);

    private static ReadSeries Broken(string name, Func<int, bool> missing, bool marked, params (string, string)[] labels)
    {
        List<Sample> samples = [];
        for (var i = 0; i < Count; i++)
        {
            if (!missing(i))
            {
                samples.Add(new(Start + i * 15_000, i));
            }
            else if (marked && i > 0 && !missing(i - 1))
            {
                samples.Add(new(Start + i * 15_000, Samples.Stale));
            }
        }

        return new ReadSeries(LabelSet.Of([("__name__", name), .. labels]), [.. samples]);
    }
}
