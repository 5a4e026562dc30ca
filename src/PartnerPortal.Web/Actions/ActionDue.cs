using System.Globalization;
using PartnerPortal.Domain;

namespace PartnerPortal.Web.Actions;

/// <summary>The filter “due” of lists of actions: overdue, week, or a day until which they are due.</summary>
public static class ActionDue
{
    /// <summary>Only what should be done by now.</summary>
    public const string Overdue = "overdue";

    /// <summary>What is due within seven days, or overdue.</summary>
    public const string Week = "week";

    /// <summary>The day before which actions are due; null for any.</summary>
    /// <exception cref="FieldsRefused">It is none of the three.</exception>
    public static DateOnly? Before(string? due, DateOnly today) => due switch
    {
        null or "" => null,
        Overdue => today,
        Week => today.AddDays(8),
        _ when DateOnly.TryParseExact(due, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue => day.AddDays(1),
        _ => throw new FieldsRefused("due", "Choose overdue, week or a day like 2026-12-31."),
    };
}
