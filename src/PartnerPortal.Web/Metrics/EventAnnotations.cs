using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Metrics;

/// <summary>What a chart marks on its time axis.</summary>
public enum AnnotationKind
{
    /// <summary>A change of ours.</summary>
    Event,

    /// <summary>The stretch in which something started: between the last good and the first bad moment.</summary>
    Start,

    /// <summary>An alert, from the moment the portal knew until it was over.</summary>
    Alert,

    /// <summary>A metric source did not answer.</summary>
    SourceDown,
}

/// <summary>A mark on charts.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="At">Where it begins.</param>
/// <param name="Until">Where it ends; null for a moment, or for what lasts.</param>
/// <param name="Lasts">It has no end yet.</param>
/// <param name="Title">A few words.</param>
/// <param name="Detail">A sentence.</param>
/// <param name="Integration">The integration it belongs to; null for all.</param>
/// <param name="Url">Where to read more.</param>
public sealed record Annotation(AnnotationKind Kind, DateTimeOffset At, DateTimeOffset? Until, bool Lasts, string Title, string? Detail, string? Integration, string? Url);

/// <summary>Everything that charts of a partner mark: changes of ours, alerts with their start, sources that did not answer.</summary>
public static class EventAnnotations
{
    private const int MostSpells = 200;

    /// <summary>Maps /partners/{slug}/annotations.</summary>
    public static void MapAnnotations(this IEndpointRouteBuilder api) => api.MapGet("/partners/{slug}/annotations", ListAsync).WithTags("Metrics").Needs(Right.Read);

    private static async Task<ApiList<Annotation>> ListAsync(
        string slug, PartnerStore partners, EventStore events, AlertStore alerts, ISeriesReader reader, TimeProvider clock, CancellationToken cancel,
        string? from = null, string? to = null, string? integration = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        var range = TimeRange.Read(from, to, clock.GetUtcNow());
        List<Annotation> marks = [.. (await events.DuringAsync(slug, range.From, range.To, cancel)).Select(Of)];
        marks.AddRange((await alerts.DuringAsync(slug, range.From, range.To, cancel)).SelectMany(Of));
        marks.AddRange(await DownAsync(reader, slug, range, cancel));
        return new([.. marks.Where(m => integration is null || m.Integration is null || m.Integration == integration).OrderBy(m => m.At)], null);
    }

    private static Annotation Of(EventRow row) =>
        new(AnnotationKind.Event, row.Event.At, null, false, row.Event.Title, $"{Words.Label(row.Event.Kind)}, marked by {row.Event.By}", row.Integration, row.Event.Url);

    private static IEnumerable<Annotation> Of(AlertRow row)
    {
        var (alert, url) = (row.Alert, $"/alerts/{row.Alert.Id}");
        yield return new(AnnotationKind.Start, alert.Onset.LastGood ?? alert.Onset.FirstBad, alert.Onset.FirstBad, false, $"{alert.Title} started", alert.Onset.Sentence, row.Integration, url);
        yield return new(AnnotationKind.Alert, alert.FirstSeenAt, alert.ResolvedAt, alert.ResolvedAt is null, alert.Title, alert.Summary, row.Integration, url);
    }

    private static async Task<List<Annotation>> DownAsync(ISeriesReader reader, string slug, TimeRange range, CancellationToken cancel)
    {
        var up = new Selector([new LabelMatcher(Label.MetricName, MatchKind.Equal, "up"), new LabelMatcher("partner", MatchKind.Equal, slug)]);
        List<Annotation> found = [];
        try
        {
            var answer = await reader.ReadAsync(new SeriesRead(up, range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds()) { MostSamples = 5_000_000 }, cancel);
            foreach (var series in answer.Series)
            {
                found.AddRange(Spells(series, $"/partners/{slug}/metric-sources"));
            }
        }
        catch (ExpressionRefused)
        {
            // A year of many sources is too much to mark one by one; the other marks still help.
        }

        return [.. found.OrderByDescending(f => f.At).Take(MostSpells)];
    }

    private static IEnumerable<Annotation> Spells(ReadSeries series, string url)
    {
        long? since = null;
        foreach (var sample in series.Samples)
        {
            if (sample.Value == 0)
            {
                since ??= sample.Time;
            }
            else if (since is { } began)
            {
                yield return Down(series, began, sample.Time, url);
                since = null;
            }
        }

        if (since is { } lasting)
        {
            yield return Down(series, lasting, null, url);
        }
    }

    private static Annotation Down(ReadSeries series, long from, long? to, string url) => new(
        AnnotationKind.SourceDown, DateTimeOffset.FromUnixTimeMilliseconds(from), to is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null, to is null,
        $"{series.Labels["source"]} did not answer", null, series.Labels["integration"] is { Length: > 0 } integration ? integration : null, url);
}
