using System.Globalization;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>What somebody types about a target, before rules look at it.</summary>
public sealed class TargetForm
{
    public string? Subject { get; set; }
    public Comparator Comparator { get; set; }
    public string? Unit { get; set; }
    public Side BoundSide { get; set; } = Side.Partner;
    public string? Percentile { get; set; }
    public string? Window { get; set; }
    public string? Ours { get; set; }
    public string? Theirs { get; set; }
    public string? Agreed { get; set; }
    public string? AgreedWith { get; set; }
    public string? AgreedOn { get; set; }
    public string? Query { get; set; }
    public string? StaleAfterDays { get; set; } = "90";
    public string? NotApplicable { get; set; }

    /// <summary>The form filled with what is stored.</summary>
    public static TargetForm Of(Target target) => new()
    {
        Subject = target.Terms.Subject,
        Comparator = target.Terms.Comparator,
        Unit = target.Terms.Unit,
        BoundSide = target.Terms.BoundSide,
        Percentile = target.Terms.Percentile?.ToString(CultureInfo.InvariantCulture),
        Window = target.Terms.Window,
        Ours = Text(target.Ours?.Value),
        Theirs = Text(target.Theirs?.Value),
        Agreed = Text(target.AgreedFigure),
        AgreedWith = target.AgreedWith,
        AgreedOn = target.AgreedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Query = target.Query,
        StaleAfterDays = target.StaleAfterDays.ToString(CultureInfo.InvariantCulture),
        NotApplicable = target.NotApplicable,
    };

    /// <summary>As the rules take it. An emptied field is meant to be empty.</summary>
    /// <exception cref="FieldsRefused">A figure is no number.</exception>
    public TargetDraft Draft()
    {
        var check = new FieldCheck();
        List<string> clear = [];
        decimal? Read(string field, string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                clear.Add(field);
                return null;
            }

            return Figure(check, field, text);
        }

        var (ours, theirs, agreed) = (Read("ours", Ours), Read("theirs", Theirs), Read("agreed", Agreed));
        var percentile = (double?)Read("percentile", Percentile);
        var days = Figure(check, "staleAfterDays", StaleAfterDays ?? "");
        check.ThrowIfRefused();
        return new TargetDraft(
            Subject ?? "", Words.Of(Comparator), Unit ?? "", Words.Of(BoundSide), percentile, Window ?? "", ours, theirs, agreed, AgreedWith ?? "", AgreedOn ?? "",
            Query ?? "", (int?)Math.Clamp(days ?? 0, 0, 100_000), NotApplicable ?? "", Clear: clear);
    }

    /// <summary>A figure as people type it: 1200 or 0.5.</summary>
    public static decimal? Figure(FieldCheck check, string field, string text)
    {
        if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        check.Refuse(field, "This is no number. Write it like 120 or 0.5.");
        return null;
    }

    private static string? Text(decimal? value) => value?.ToString("0.############", CultureInfo.InvariantCulture);
}
