namespace PartnerPortal.Domain.Metrics;

/// <summary>What a person or program wants a metric source to be. Name, URL and side are needed; what is null is left as it is (or at its default).</summary>
/// <param name="Name">What people call it; the label <c>source</c> of its series. Unique within the partner.</param>
/// <param name="Url">The page of metrics, http or https.</param>
/// <param name="Side">partner or ours.</param>
/// <param name="Interval">Pause between scrapes, 1 s to 5 min, as <c>15s</c>.</param>
/// <param name="Timeout">Longest scrape, at most the interval.</param>
/// <param name="Format">auto, prometheus, openmetrics, json or prometheus api.</param>
/// <param name="Headers">Headers to send, such as Authorization; given, they replace all that were there.</param>
/// <param name="Mapping">How JSON becomes metrics (<see cref="TimeSeries.Exposition.JsonMapping"/>), as JSON; empty removes it.</param>
/// <param name="Limits">What a scrape may bring at most.</param>
/// <param name="Queries">Of the format prometheus api: the expressions that are asked, by the name that their series get; given, they replace all that were there.</param>
public sealed record SourceDraft(
    string? Name = null,
    string? Url = null,
    string? Side = null,
    string? Interval = null,
    string? Timeout = null,
    string? Format = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    string? Mapping = null,
    LimitsDraft? Limits = null,
    IReadOnlyDictionary<string, string>? Queries = null);
