using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Shell;

/// <summary>One line of the palette: a place, a thing, an action.</summary>
public sealed record PaletteItem(string Title, string Kind, string Url, string Icon = "arrow");

/// <summary>Places that the palette always knows. A new page adds its line.</summary>
public static class PalettePlaces
{
    /// <summary>All places, in the order in which an empty palette shows them.</summary>
    public static IReadOnlyList<PaletteItem> All { get; } =
    [
        new("Home", "place", "/", "home"),
        new("My work", "place", "/work", "check-list"),
        new("Partners", "place", "/partners", "partners"),
        new("Add a partner", "action", "/partners/new", "plus"),
        new("Incidents", "place", "/incidents", "degraded"),
        new("Declare an incident", "action", "/incidents/new", "plus"),
        new("Alerts", "place", "/alerts", "degraded"),
        new("On-call", "place", "/escalation", "call"),
        new("Runbooks", "place", "/runbooks", "book"),
        new("New escalation policy", "action", "/escalation/policies/new", "plus"),
        new("New schedule", "action", "/escalation/schedules/new", "plus"),
        new("New team", "action", "/escalation/teams/new", "plus"),
        new("Settings", "place", "/settings", "settings"),
        new("Alert sources", "place", "/settings/alert-sources", "degraded"),
        new("Checklists for reviews", "place", "/settings/checklists", "check-list"),
        new("Your account", "place", "/account", "person"),
    ];
}

/// <summary>What the palette finds for a text: what is stored, then places by their words.</summary>
public sealed class PaletteSearch(SearchStore stored)
{
    /// <summary>At most 20 lines, the likeliest first.</summary>
    public async Task<IReadOnlyList<PaletteItem>> FindAsync(string text, Actor by, CancellationToken cancel)
    {
        if (by.Role == Role.Guest)
        {
            return [];
        }

        var words = text.Trim();
        var places = PalettePlaces.All.Where(p => p.Title.Contains(words, StringComparison.OrdinalIgnoreCase));
        if (words.Length == 0 || !by.May(Right.Read))
        {
            return [.. places];
        }

        var found = await stored.FindAsync(words, 12, by, cancel);
        return [.. found.Select(f => new PaletteItem(f.Title, f.Kind is "contact" or "action" ? $"{f.Kind} of {f.Detail}" : f.Kind, f.Url, Icon(f.Kind))), .. places];
    }

    private static string Icon(string kind) => kind switch { "partner" => "partners", "contact" => "person", "runbook" => "book", "action" => "check-list", _ => "arrow" };
}
