using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Shell;

/// <summary>A page where something is set up.</summary>
public sealed record SettingsPlace(string Title, string Text, string Url, Right Right);

/// <summary>What the settings page leads to. A feature adds its line.</summary>
public static class SettingsPlaces
{
    /// <summary>All places, in the order in which they are shown.</summary>
    public static IReadOnlyList<SettingsPlace> All { get; } =
    [
        new("People", "Who is here, with which role; inviting by link.", "/settings/people", Right.Administer),
        new("API tokens", "Programs that act for a person.", "/settings/tokens", Right.Administer),
        new("Sessions", "Who is signed in, and ending it at once.", "/settings/sessions", Right.Administer),
        new("Audit log", "Who changed what, before and after; whether the log is intact.", "/settings/audit", Right.Administer),
        new("Metrics", "Where samples are kept, for how long, and whether they arrive there.", "/settings/metrics", Right.Administer),
        new("Alert sources", "Monitoring that posts its alerts here.", "/settings/alert-sources", Right.Read),
        new("Checklists", "What a technical review asks.", "/settings/checklists", Right.Read),
    ];
}
