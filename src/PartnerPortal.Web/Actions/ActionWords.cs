using PartnerPortal.Data.Actions;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Actions;

namespace PartnerPortal.Web.Actions;

/// <summary>What pages say about actions.</summary>
public static class ActionWords
{
    /// <summary>What waits, in one line: "3 actions, one overdue (them)".</summary>
    public static string Waiting(ActionCount count)
    {
        if (count.Open == 0)
        {
            return "No action waits";
        }

        var text = count.Open == 1 ? "1 action" : $"{count.Open} actions";
        return (count.OverdueOurs, count.OverdueTheirs) switch
        {
            (0, 0) => text,
            (var us, 0) => $"{text}, {Few(us)} overdue (us)",
            (0, var them) => $"{text}, {Few(them)} overdue (them)",
            var (us, them) => $"{text}, {us + them} overdue ({us} us, {them} them)",
        };
    }

    /// <summary>Where an action came from, as a page calls it.</summary>
    public static string From(ActionSource source) => source.Kind switch
    {
        ActionCause.Person => "Written down",
        ActionCause.Mismatch => "Figures that do not fit",
        ActionCause.Freshness => "An answer that gets old",
        ActionCause.NoGo => "A no-go",
        _ => Words.Label(source.Kind),
    };

    /// <summary>A text that fits a heading.</summary>
    public static string Brief(string text, int most = 90)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= most ? line : line[..(most - 1)].TrimEnd() + "…";
    }

    private static string Few(int count) => count == 1 ? "one" : count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
