using System.Globalization;

namespace PartnerPortal.Domain.Reviews;

/// <summary>Reads what was typed or chosen beside an item's state, and spells it in one way: figures with a point, days as 2027-01-31, options one a line.</summary>
public static class ItemValue
{
    /// <summary>The value to keep; null when none was given.</summary>
    /// <param name="item">The item, whose kind decides.</param>
    /// <param name="given">As it arrived.</param>
    /// <param name="check">Collects refusals under <c>value</c>.</param>
    public static string? Read(ChecklistItem item, string? given, FieldCheck check)
    {
        var text = check.Text("value", given, 2000);
        return text.Length == 0 ? null : item.Kind switch
        {
            ItemKind.Number or ItemKind.Target => Figure(item, text, check),
            ItemKind.Date => Day(text, check),
            ItemKind.SingleChoice => Option(item, text, check),
            ItemKind.SeveralChoices => string.Join('\n', Lines(text).Select(line => Option(item, line, check)).OfType<string>().Distinct()),
            _ => text,
        };
    }

    /// <summary>The lines of a value with several options.</summary>
    public static IReadOnlyList<string> Lines(string? value) => (value ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A figure that was kept; null when there is none.</summary>
    public static decimal? FigureOf(string? value) =>
        decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var figure) ? figure : null;

    private static string? Figure(ChecklistItem item, string text, FieldCheck check)
    {
        if (FigureOf(text) is { } number)
        {
            return number.ToString(CultureInfo.InvariantCulture);
        }

        check.Refuse("value", $"“{(text.Length > 40 ? text[..40] + "…" : text)}” is not a number. Write it like 120 or 0.5{(item.Unit.Length > 0 ? ", in " + item.Unit : "")}.");
        return null;
    }

    private static string? Day(string text, FieldCheck check)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        check.Refuse("value", $"“{(text.Length > 40 ? text[..40] + "…" : text)}” is not a day. Write it like 2027-01-31.");
        return null;
    }

    private static string? Option(ChecklistItem item, string text, FieldCheck check)
    {
        if (item.Options.FirstOrDefault(o => string.Equals(o, text, StringComparison.OrdinalIgnoreCase)) is { } option)
        {
            return option;
        }

        check.Refuse("value", $"“{(text.Length > 60 ? text[..60] + "…" : text)}” cannot be chosen here. Choose {(item.Kind == ItemKind.SeveralChoices ? "among" : "one of")}: {string.Join(", ", item.Options)}.");
        return null;
    }
}
