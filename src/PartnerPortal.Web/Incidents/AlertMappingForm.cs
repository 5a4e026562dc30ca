using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.Web.Incidents;

/// <summary>A mapping as its form types it: lists of words by comma, words and labels a line each.</summary>
public sealed class AlertMappingForm
{
    public string? Title { get; set; }
    public string? Key { get; set; }
    public string? Summary { get; set; }
    public string? State { get; set; }
    public string? Firing { get; set; }
    public string? Resolved { get; set; }
    public string? Acknowledged { get; set; }
    public string? Severity { get; set; }
    public string? Severities { get; set; }
    public string? StartedAt { get; set; }
    public string? Link { get; set; }
    public string? Each { get; set; }
    public string? Labels { get; set; }
    public bool WithoutBrackets { get; set; }

    /// <summary>The mapping that was typed.</summary>
    public AlertMapping Mapping => new(
        Title, Key, Summary, State, ListOf(Firing), ListOf(Resolved), ListOf(Acknowledged), Severity, LinesOf(Severities), StartedAt, Link, Each, LinesOf(Labels), WithoutBrackets);

    /// <summary>The form of a mapping.</summary>
    public static AlertMappingForm Of(AlertMapping mapping) => new()
    {
        Title = mapping.Title,
        Key = mapping.Key,
        Summary = mapping.Summary,
        State = mapping.State,
        Firing = string.Join(", ", mapping.Firing ?? []),
        Resolved = string.Join(", ", mapping.Resolved ?? []),
        Acknowledged = string.Join(", ", mapping.Acknowledged ?? []),
        Severity = mapping.Severity,
        Severities = Shown(mapping.Severities),
        StartedAt = mapping.StartedAt,
        Link = mapping.Link,
        Each = mapping.Each,
        Labels = Shown(mapping.Labels),
        WithoutBrackets = mapping.WithoutBrackets,
    };

    private static string Shown(IReadOnlyDictionary<string, string>? entries) => string.Join('\n', (entries ?? new Dictionary<string, string>()).Select(e => $"{e.Key} = {e.Value}"));

    private static string[] ListOf(string? typed) => (typed ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, string> LinesOf(string? typed) => (typed ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)).DistinctBy(parts => parts[0]).ToDictionary(parts => parts[0], parts => parts.Length > 1 ? parts[1] : "");
}
