namespace PartnerPortal.Web.Partners;

/// <summary>A page of a partner: its name for people, and its path under /partners/{slug}.</summary>
public sealed record PartnerTab(string Name, string Path);

/// <summary>How a partner's pages are grouped. A tab appears when the product has something to show in it; a feature adds its line here.</summary>
public static class PartnerTabs
{
    private static readonly Dictionary<string, IReadOnlyList<PartnerTab>> Parts = new()
    {
        ["Build"] =
        [
            new("Reviews", "/reviews"),
            new("Targets", "/targets"),
        ],
        ["People & mail"] =
        [
            new("Contacts", "/contacts"),
            new("Actions", "/actions"),
            new("Maintenance", "/maintenance"),
        ],
        ["Operations"] =
        [
            new("Charts", "/charts"),
            new("Explore", "/metrics/explore"),
            new("Ours vs theirs", "/pairs"),
            new("Metric sources", "/metric-sources"),
            new("Rules", "/rules"),
            new("Alerts", "/alerts"),
            new("Events", "/events"),
            new("Escalation", "/escalation"),
            new("Runbooks", "/runbooks"),
        ],
    };

    /// <summary>The tabs, in order.</summary>
    public static IReadOnlyList<PartnerTab> All { get; } =
    [
        new("Overview", ""),
        new("Build", "/reviews"),
        new("Operations", "/charts"),
        new("People & mail", "/contacts"),
        new("History", "/history"),
    ];

    /// <summary>The pages within a tab that holds several; empty for the others.</summary>
    public static IReadOnlyList<PartnerTab> Within(string tab) => Parts.GetValueOrDefault(tab, []);
}
