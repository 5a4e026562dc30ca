using System.Globalization;
using System.Text.Json;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>A metric source as the API shows it. Headers are named, never shown.</summary>
public sealed record SourceAnswer(
    Guid Id, string Name, string Url, SourceSide Side, string Integration, string Interval, string Timeout, SourceFormat Format, JsonElement? Mapping, IReadOnlyDictionary<string, string> Queries, IReadOnlyList<string> HeaderNames, SourceLimits Limits,
    SourceState State, DateTimeOffset? Since, DateTimeOffset? LastScrapeAt, DateTimeOffset? LastGoodAt, int? DurationMs, int? Samples, long? Bytes, int? Duplicates, long? ClockSkewMs,
    string? Error, int? ErrorLine, DateTimeOffset? PausedAt, DateTimeOffset CreatedAt, string Version)
{
    // A mapping that a person typed may hold remarks.
    private static readonly JsonSerializerOptions Lenient = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The answer for a source.</summary>
    public static SourceAnswer Of(SourceRow row)
    {
        var (source, status) = (row.Source, row.Status);
        return new(
            source.Id, source.Name, source.Url, source.Side, row.Integration, PromDuration.Show(source.Interval), PromDuration.Show(source.Timeout), source.Format, MappingOf(source), source.Queries, source.HeaderNames, source.Limits,
            row.State, status?.Since, status?.LastScrapeAt, status?.LastGoodAt, (int?)status?.Duration.TotalMilliseconds, status?.Samples, status?.Bytes, status?.Duplicates, (long?)status?.Skew?.TotalMilliseconds,
            Reason(status), status?.ErrorLine, source.PausedAt, source.CreatedAt, source.Version.ToString(CultureInfo.InvariantCulture));
    }

    private static JsonElement? MappingOf(MetricSource source) =>
        source.Mapping is null ? null : JsonSerializer.Deserialize<JsonElement>(source.Mapping, Lenient);

    /// <summary>Why the last scrape failed, with the line where reading stopped.</summary>
    public static string? Reason(SourceStatus? status) => status?.Error is null ? null
        : status.ErrorLine is { } line ? string.Create(CultureInfo.InvariantCulture, $"Line {line}: {status.Error}")
        : status.Error;
}

/// <summary>What POST …/metric-sources takes.</summary>
public sealed record NewSource(
    string? Name, string? Url, string? Side, string? Interval, string? Timeout, string? Format, IReadOnlyDictionary<string, string>? Headers, string? Integration, JsonElement? Mapping = null, LimitsDraft? Limits = null, IReadOnlyDictionary<string, string>? Queries = null)
{
    /// <summary>The part that is the source's own. A mapping is given as JSON, or as its text; an empty text removes it.</summary>
    public SourceDraft Draft => new(Name, Url, Side, Interval, Timeout, Format, Headers, Mapping is { } mapping ? mapping.ValueKind is JsonValueKind.String ? mapping.GetString() : mapping.GetRawText() : null, Limits, Queries);
}
