using System.Globalization;
using PartnerPortal.Domain.Partners;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Reviews;

/// <summary>The fields of a target once they were checked.</summary>
internal sealed record TargetFields(
    TargetTerms Terms, string? Query, int StaleAfterDays, string NotApplicable, decimal? Agreed, string AgreedWith, DateOnly? AgreedOn)
{
    /// <summary>Reads a draft over what stands; throws when a field cannot be accepted.</summary>
    public static TargetFields Read(Target target, TargetDraft draft)
    {
        var check = new FieldCheck();
        foreach (var name in (draft.Clear ?? []).Where(n => !TargetDraft.Clearable.Contains(n, StringComparer.OrdinalIgnoreCase)))
        {
            check.Refuse("clear", $"“{(name.Length > 40 ? name[..40] + "…" : name)}” cannot be cleared here. Name some of: {string.Join(", ", TargetDraft.Clearable)}.");
        }

        var fields = new TargetFields(
            TermsOf(check, target.Terms, draft),
            draft.Query is null ? target.Query : Expressed(check, draft.Query),
            Days(check, draft.StaleAfterDays ?? target.StaleAfterDays),
            draft.NotApplicable is null ? target.NotApplicable : check.Text("notApplicable", draft.NotApplicable),
            draft.Clears("agreed") ? null : draft.Agreed ?? target.AgreedFigure,
            draft.AgreedWith is null ? target.AgreedWith : check.Text("agreedWith", draft.AgreedWith, 200),
            draft.AgreedOn is null ? target.AgreedOn : Day(check, draft.AgreedOn));
        check.ThrowIfRefused();
        return fields;
    }

    /// <summary>A key that nobody uses: the given one, or one made of the subject.</summary>
    public static string Key(string? given, string subject, IReadOnlyCollection<string> taken)
    {
        if (!string.IsNullOrWhiteSpace(given))
        {
            return !Slug.Fits(given) ? throw new FieldsRefused("key", $"Use 1 to {Slug.Longest} lower-case letters, digits and hyphens.")
                : taken.Contains(given) ? throw new AlreadyTaken("key", $"There is a target with the key {given} already.")
                : given;
        }

        var key = Slug.From(subject, "target");
        for (var n = 2; taken.Contains(key); n++)
        {
            var tail = string.Create(CultureInfo.InvariantCulture, $"-{n}");
            var stem = Slug.From(subject, "target");
            key = stem[..Math.Min(stem.Length, Slug.Longest - tail.Length)].TrimEnd('-') + tail;
        }

        return key;
    }

    private static TargetTerms TermsOf(FieldCheck check, TargetTerms old, TargetDraft draft)
    {
        var comparator = old.Comparator;
        if (!string.IsNullOrWhiteSpace(draft.Comparator) && !ComparatorSigns.TryParse(draft.Comparator, out comparator))
        {
            check.Refuse("comparator", $"Choose one of: ≤, ≥, <, >, = ({string.Join(", ", Words.All<Comparator>())}).");
        }

        var percentile = draft.Clears("percentile") ? null : draft.Percentile ?? old.Percentile;
        if (percentile is <= 0 or >= 100)
        {
            check.Refuse("percentile", "A percentile lies above 0 and below 100, for example 99.");
        }

        var window = draft.Window is null ? old.Window : check.Text("window", draft.Window, 20);
        if (window is { Length: > 0 } && (!Durations.TryParse(window, out var length) || length <= TimeSpan.Zero))
        {
            check.Refuse("window", "Write the time like 5m, 1h or 30d.");
        }

        return new TargetTerms(
            draft.Subject is null ? old.Subject : check.Needed("subject", draft.Subject, "what is measured, for example calls per second at peak"),
            comparator,
            draft.Unit is null ? old.Unit : check.Text("unit", draft.Unit, 40),
            check.Word("boundSide", draft.BoundSide, old.BoundSide),
            percentile,
            string.IsNullOrEmpty(window) ? null : window);
    }

    private static string? Expressed(FieldCheck check, string text)
    {
        var query = check.Text("query", text, 4000);
        if (query.Length == 0)
        {
            return null;
        }

        try
        {
            if (Expression.Parse(query).Type is not (ExpressionType.InstantVector or ExpressionType.Scalar))
            {
                check.Refuse("query", "This gives no single value. Ask for one figure, for example max_over_time(calls_per_second[30d]).");
            }
        }
        catch (ExpressionRefused refused)
        {
            check.Refuse("query", refused.Message);
        }

        return query;
    }

    private static int Days(FieldCheck check, int days)
    {
        if (days is < 1 or > 3650)
        {
            check.Refuse("staleAfterDays", "Enter 1 to 3650 days.");
        }

        return days;
    }

    private static DateOnly? Day(FieldCheck check, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            check.Refuse("agreedOn", "Write the day as year, month, day, for example 2026-12-31.");
        }

        return day;
    }
}
