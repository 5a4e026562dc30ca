using System.Globalization;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>What a burn-rate alarm is made from.</summary>
/// <param name="Errors">The counter of failed calls, as a selector.</param>
/// <param name="Total">The counter of all calls, as a selector.</param>
/// <param name="Target">What was agreed, in percent of calls that succeed: 90 to below 100, such as 99.9.</param>
/// <param name="Name">What is measured, for the titles; default "availability".</param>
public sealed record BurnRateDraft(string? Errors = null, string? Total = null, double? Target = null, string? Name = null);

/// <summary>
/// Rules that fire when the errors that a target allows for 30 days are being used up too fast: over a long window, so that it
/// matters, and over a short one, so that it still goes on (Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate
/// Alerts", table 5-8).
/// </summary>
public static class RuleBurnRate
{
    private sealed record Pace(double Times, string Long, string Short, string Severity, string Word, string Spent);

    private static readonly Pace[] _paces =
    [
        new(14.4, "1h", "5m", "critical", "fast", "2 % of 30 days' allowance in an hour"),
        new(6, "6h", "30m", "critical", "steadily", "5 % of 30 days' allowance in 6 hours"),
        new(1, "3d", "6h", "warning", "slowly", "10 % of 30 days' allowance in 3 days"),
    ];

    /// <summary>The three rules, not yet saved.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static IReadOnlyList<RuleDraft> Make(BurnRateDraft draft)
    {
        var check = new FieldCheck();
        var errors = Selector(check, "errors", draft.Errors, "the counter of failed calls");
        var total = Selector(check, "total", draft.Total, "the counter of all calls");
        if (draft.Target is not (>= 90 and < 100))
        {
            check.Refuse("target", "Enter the share of calls that must succeed in percent, from 90 to below 100, for example 99.9.");
        }

        var name = check.Text("name", draft.Name, 60);
        check.ThrowIfRefused();
        return [.. _paces.Select(p => Rule(p, errors, total, (decimal)draft.Target!.Value, name.Length == 0 ? "availability" : name))];
    }

    private static RuleDraft Rule(Pace pace, string errors, string total, decimal target, string name)
    {
        var bound = string.Create(CultureInfo.InvariantCulture, $"{(decimal)pace.Times * (100 - target) / 100:0.##########}");
        string Ratio(string window) => $"sum(rate({errors}[{window}])) / sum(rate({total}[{window}])) > {bound}";
        return new RuleDraft(
            Title: $"{char.ToUpperInvariant(name[0])}{name[1..]} burns {pace.Word}",
            Slug: Partners.Slug.From($"{name} burns {pace.Word}"),
            Expression: $"{Ratio(pace.Long)}\nand\n{Ratio(pace.Short)}",
            Severity: pace.Severity,
            Labels: new Dictionary<string, string> { ["target"] = target.ToString(CultureInfo.InvariantCulture), ["window"] = pace.Long },
            Summary: string.Create(CultureInfo.InvariantCulture, $"{{{{ $value }}}} of the calls fail ({target} % must succeed): {pace.Spent}."));
    }

    private static string Selector(FieldCheck check, string field, string? text, string what)
    {
        var selector = check.Needed(field, text, what + ", for example http_requests_total{code=~\"5..\"}", 2000);
        if (selector.Length == 0)
        {
            return selector;
        }

        try
        {
            // With a range behind it, so that nothing but a selector can stand here.
            _ = Expression.Parse($"rate({selector}[5m])");
        }
        catch (ExpressionRefused)
        {
            check.Refuse(field, "Only a series with its labels can stand here, for example http_requests_total{code=~\"5..\"}.");
        }

        return selector;
    }
}
