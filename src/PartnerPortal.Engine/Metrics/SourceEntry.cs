using System.Security.Cryptography;
using System.Text.Json.Serialization;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Engine.Metrics;

/// <summary>A metric that a trial scrape found.</summary>
public sealed record TriedMetric(string Name, MetricType Type, string Help, int Series);

/// <summary>A sample that a trial scrape found, its series spelled as people write it.</summary>
public sealed record TriedSample(string Series, double Value);

/// <summary>What a trial scrape found, before anything is saved.</summary>
public sealed record TriedSource(
    bool Ok, string? Error, int? Line, TimeSpan Took, long Bytes, int Samples, int Duplicates, IReadOnlyList<TriedMetric> Metrics)
{
    private const int Shown = 20;

    /// <summary>The first samples.</summary>
    public IReadOnlyList<TriedSample> First { get; init; } = [];

    /// <summary>Whether expressions were asked, instead of a page being read.</summary>
    public bool Asked { get; init; }

    /// <summary>The answer itself if it was JSON, so that a mapping can be tried on it again and again.</summary>
    [JsonIgnore]
    public byte[]? Json { get; init; }

    /// <summary>What another mapping would find in the same answer; the same as before if that was not JSON.</summary>
    public TriedSource Through(string? mapping)
    {
        if (Json is null)
        {
            return this;
        }

        try
        {
            var page = ScrapeClient.ReadJson(Json, string.IsNullOrWhiteSpace(mapping) ? null : mapping, SourceLimits.Default.OfPages(), new SeriesCache());
            return Of(new ScrapeResult(page, null, null, Took, Bytes) { Json = Json });
        }
        catch (ExpositionRefused refused)
        {
            return Of(new ScrapeResult(null, refused.Reason, refused.Line, Took, Bytes) { Json = Json });
        }
    }

    internal static TriedSource Of(ScrapeResult result) => new(
        result.Error is null, result.Error, result.Line, result.Took, result.Bytes, result.Page?.Series.Length ?? 0, result.Page?.Duplicates ?? 0,
        MetricsOf(result.Page))
    {
        First = [.. (result.Page?.Samples ?? []).Take(Shown).Select(s => new TriedSample(s.Series.Labels.ToString(), s.Value))],
        Json = result.Json,
        Asked = result.Asked,
    };

    private static List<TriedMetric> MetricsOf(ExpositionPage? page) => page is null ? [] :
    [
        .. page.Samples
            .GroupBy(s => MetricFamily.Of(s.Series.MetricName, n => page.Families.GetValueOrDefault(n))?.Family ?? new MetricFamily(s.Series.MetricName, MetricType.Unknown, "", ""))
            .Select(g => new TriedMetric(g.Key.Name, g.Key.Type, g.Key.Help, g.Count()))
            .OrderBy(m => m.Name, StringComparer.Ordinal),
    ];
}

/// <summary>Enters and changes sources, with the checks that need the outside world.</summary>
public sealed class SourceEntry(MetricSourceStore store, OutboundAddress addresses, ScrapeClient client)
{
    private static readonly TimeSpan LongestTrial = TimeSpan.FromSeconds(10);

    /// <summary>Enters a source.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted; a forbidden address is refused with the setting that would allow it.</exception>
    public async Task<SourceRow> EnterAsync(string partner, string integration, SourceDraft draft, Actor by, CancellationToken cancel)
    {
        _ = MetricSource.Preview(draft with { Name = draft.Name ?? "", Side = draft.Side ?? "" });
        await CheckAddressAsync(draft, cancel);
        return await store.EnterAsync(partner, integration, draft, by, cancel);
    }

    /// <summary>Changes a source.</summary>
    /// <exception cref="FieldsRefused">As for <see cref="EnterAsync"/>.</exception>
    public async Task<SourceRow> ChangeAsync(string partner, string name, SourceDraft draft, uint? version, Actor by, CancellationToken cancel)
    {
        await CheckAddressAsync(draft, cancel);
        return await store.ChangeAsync(partner, name, draft, version, by, cancel);
    }

    /// <summary>Scrapes once as the draft says, keeping nothing.</summary>
    /// <param name="draft">What was typed.</param>
    /// <param name="stored">The source that is being edited: its sealed headers are sent if none were typed and the host is the same.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<TriedSource> TryAsync(SourceDraft draft, MetricSource? stored, CancellationToken cancel)
    {
        var preview = MetricSource.Preview(draft);
        await CheckAddressAsync(draft, cancel);
        if (preview.Timeout > LongestTrial)
        {
            preview = MetricSource.Preview(draft with { Timeout = "10s" });
        }

        return TriedSource.Of(await client.ScrapeAsync(preview, Headers(draft, preview, stored), new SeriesCache(), cancel));
    }

    private IReadOnlyDictionary<string, string> Headers(SourceDraft draft, MetricSource preview, MetricSource? stored)
    {
        if (draft.Headers is { } typed)
        {
            return typed;
        }

        try
        {
            return stored is not null && stored.SendsHeadersTo(preview.Url) ? store.OpenHeaders(stored) : new Dictionary<string, string>();
        }
        catch (CryptographicException)
        {
            throw new FieldsRefused("headers", "The headers of this source were sealed with another key. Enter them again.");
        }
    }

    private async Task CheckAddressAsync(SourceDraft draft, CancellationToken cancel)
    {
        if (draft.Url is not null && await addresses.CheckAsync(draft.Url, cancel) is { } sentence)
        {
            throw new FieldsRefused("url", sentence);
        }
    }
}
