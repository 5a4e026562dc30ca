using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>A metric that can be charted.</summary>
/// <param name="Name">Its name; a histogram's without the endings of its series.</param>
/// <param name="Type">How it behaves: it decides whether a chart shows it as it is, as a rate or as a quantile.</param>
/// <param name="Help">What its service says about it.</param>
/// <param name="Unit">Its unit, when the service or the name says it.</param>
public sealed record KnownMetric(string Name, MetricType Type, string Help, string Unit);

/// <summary>A label of a metric and the values that exist.</summary>
public sealed record KnownLabel(string Name, IReadOnlyList<string> Values);

/// <summary>What there is to chart: metrics and labels that have samples.</summary>
public sealed class MetricCatalogue(SeriesStore series, SeriesIndex index, TimeProvider clock)
{
    private const int MostSeries = 5_000;
    private const int MostValues = 200;
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(30);
    private static readonly string[] Units = ["seconds", "bytes", "ratio", "celsius", "percent", "meters", "volts", "amperes", "joules", "grams"];

    /// <summary>The metrics of an integration, by name.</summary>
    public async Task<IReadOnlyList<KnownMetric>> MetricsAsync(string partner, string? integration, CancellationToken cancel)
    {
        var names = (await FindAsync(partner, integration, null, cancel)).Select(s => (s.Labels.MetricName, s.SourceId)).Distinct();
        var families = (await series.FamiliesAsync(partner, cancel)).ToLookup(f => f.Family.Name);
        var found = new SortedDictionary<string, KnownMetric>(StringComparer.Ordinal);
        foreach (var (name, source) in names)
        {
            var metric = Describe(name, n => (families[n].FirstOrDefault(f => f.SourceId == source) ?? families[n].FirstOrDefault(f => f.SourceId == Guid.Empty))?.Family);
            found.TryAdd(metric.Name, metric);
        }

        return [.. found.Values];
    }

    /// <summary>How one metric behaves, as any of the partner's sources says.</summary>
    public async Task<KnownMetric> MetricAsync(string partner, string name, CancellationToken cancel)
    {
        var families = (await series.FamiliesAsync(partner, cancel)).ToLookup(f => f.Family.Name);
        return Describe(name, n => families[n].FirstOrDefault()?.Family);
    }

    /// <summary>The labels of a metric with their values; labels that have the same value everywhere come last.</summary>
    public async Task<IReadOnlyList<KnownLabel>> LabelsAsync(string partner, string? integration, KnownMetric metric, CancellationToken cancel)
    {
        var name = metric.Type is MetricType.Histogram or MetricType.GaugeHistogram ? metric.Name + "_bucket" : metric.Name;
        var found = (await FindAsync(partner, integration, name, cancel)).Take(MostSeries);
        return
        [
            .. found.SelectMany(s => s.Labels)
                .Where(l => l.Name is not (Label.MetricName or "le" or "partner" or "integration"))
                .GroupBy(l => l.Name)
                .Select(g => new KnownLabel(g.Key, [.. g.Select(l => l.Value).Distinct().Order(StringComparer.Ordinal).Take(MostValues)]))
                .OrderBy(l => l.Values.Count == 1).ThenBy(l => l.Name, StringComparer.Ordinal),
        ];
    }

    private Task<List<KnownSeries>> FindAsync(string partner, string? integration, string? metric, CancellationToken cancel)
    {
        List<LabelMatcher> matchers = [new("partner", MatchKind.Equal, partner)];
        if (integration is not null)
        {
            matchers.Add(new("integration", MatchKind.Equal, integration));
        }

        if (metric is not null)
        {
            matchers.Add(new(Label.MetricName, MatchKind.Equal, metric));
        }

        var now = clock.GetUtcNow();
        return index.FindAsync(new Selector(matchers), (now - LookBack).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), cancel);
    }

    private static KnownMetric Describe(string name, Func<string, MetricFamily?> find)
    {
        if (OwnSeries(name) is { } own)
        {
            return own;
        }

        if (MetricFamily.Of(name, find) is not { } found)
        {
            return new KnownMetric(name, Guess(name), "", UnitOf(name));
        }

        var (family, behaves) = found;
        // The buckets of a histogram are one metric for people; its sum and count stay metrics of their own.
        var shown = behaves is MetricType.Histogram or MetricType.GaugeHistogram ? family.Name : name;
        return new KnownMetric(shown, behaves, family.Help, family.Unit.Length > 0 ? family.Unit : UnitOf(name));
    }

    /// <summary>Services that do not say what a metric is still name counters as counters.</summary>
    private static MetricType Guess(string name) => name.EndsWith("_total", StringComparison.Ordinal) ? MetricType.Counter : MetricType.Unknown;

    private static KnownMetric? OwnSeries(string name) => name switch
    {
        "up" => new(name, MetricType.Gauge, "1 while the source answers, 0 while it does not.", ""),
        "scrape_duration_seconds" => new(name, MetricType.Gauge, "How long the scrape took.", "seconds"),
        "scrape_samples_scraped" => new(name, MetricType.Gauge, "How many samples the scrape brought.", ""),
        "scrape_body_size_bytes" => new(name, MetricType.Gauge, "How large the page was, after decompression.", "bytes"),
        _ => null,
    };

    private static string UnitOf(string name) => Units.FirstOrDefault(u => name.Split('_').Contains(u)) ?? "";
}
