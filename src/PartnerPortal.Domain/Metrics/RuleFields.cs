using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>What the fields of a rule may hold.</summary>
internal static class RuleFields
{
    private const int MostLabels = 20;

    // They say where an alert belongs; a rule that could change them would send it to somebody else.
    private static readonly string[] OwnLabels = ["partner", "integration", Label.MetricName];

    public static string Title(FieldCheck check, RuleDraft draft)
    {
        var fromSlug = Partners.Slug.Fits(draft.Slug ?? "") ? char.ToUpperInvariant(draft.Slug![0]) + draft.Slug[1..].Replace('-', ' ') : null;
        return check.Needed("title", string.IsNullOrWhiteSpace(draft.Title) ? fromSlug : draft.Title, "what is wrong when this rule fires, for example Purchases fail", 120);
    }

    public static string Expression(FieldCheck check, string? text)
    {
        var expression = check.Needed("expression", text, "a condition in PromQL, for example rate(errors_total[5m]) > 1", 8000);
        if (expression.Length > 0)
        {
            try
            {
                if (TimeSeries.PromQl.Expression.Parse(expression).Type is ExpressionType.RangeVector or ExpressionType.Text)
                {
                    check.Refuse("expression", "A condition gives series with one value each. A range such as x[5m] stands inside a function, for example rate(x[5m]) > 1.");
                }
            }
            catch (ExpressionRefused refused)
            {
                check.Refuse("expression", refused.Message);
            }
        }

        return expression;
    }

    public static TimeSpan Duration(FieldCheck check, string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return TimeSpan.Zero;
        }

        if (!Durations.TryParse(text, out var duration) || duration > Rule.LongestFor)
        {
            check.Refuse(field, "Write a duration like 0s, 90s or 5m, at most 7d.");
        }

        return duration;
    }

    public static SortedDictionary<string, string> Labels(FieldCheck check, IReadOnlyDictionary<string, string>? labels)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (labels?.Count > MostLabels)
        {
            check.Refuse("labels", $"Add at most {MostLabels} labels.");
        }

        foreach (var (name, value) in (labels ?? new Dictionary<string, string>()).Take(MostLabels))
        {
            if (!Label.IsLabelName(name) || name.Length > 100)
            {
                check.Refuse("labels", $"“{(name.Length > 40 ? name[..40] + "…" : name)}” is not a label's name, such as team.");
            }
            else if (OwnLabels.Contains(name))
            {
                check.Refuse("labels", $"The label {name} is set by the portal itself.");
            }
            else
            {
                kept[name] = check.Text("labels", value, 500);
            }
        }

        return kept;
    }

    public static string Summary(FieldCheck check, string? text)
    {
        var summary = check.Text("summary", text, 1000);
        if (RuleTemplate.Fault(summary) is { } fault)
        {
            check.Refuse("summary", fault);
        }

        return summary;
    }

    public static string? Runbook(FieldCheck check, string? slug)
    {
        if (string.IsNullOrWhiteSpace(slug))
        {
            return null;
        }

        if (!Partners.Slug.Fits(slug.Trim()))
        {
            check.Refuse("runbook", "Name a runbook of this partner by the short name in its address.");
        }

        return slug.Trim();
    }
}
