using System.Globalization;

namespace PartnerPortal.Domain.Actions;

/// <summary>An action as somebody gives it. In a change null stays as it is and an empty text clears.</summary>
/// <param name="Text">What must happen.</param>
/// <param name="Owner">Mail address of who of ours sees to it.</param>
/// <param name="Side">Who owes it: ours or partner.</param>
/// <param name="Due">Last day in time, written 2026-12-31.</param>
public sealed record ActionDraft(string? Text = null, string? Owner = null, string? Side = null, string? Due = null)
{
    /// <summary>A draft from values that are already known to be good.</summary>
    public static ActionDraft Of(string text, string? owner, Side side = Domain.Side.Ours, DateOnly? due = null) =>
        new(text, owner, Words.Of(side), due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    internal static DateOnly? Day(FieldCheck check, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            check.Refuse("due", "Write the day as year, month, day, for example 2026-12-31.");
        }

        return day;
    }
}
