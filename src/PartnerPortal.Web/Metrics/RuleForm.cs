using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Web.Metrics;

/// <summary>What somebody types about a rule, before the rules of the Domain look at it.</summary>
public sealed class RuleForm
{
    public string? Title { get; set; }
    public string? Expression { get; set; }
    public string? For { get; set; } = "1m";
    public string? KeepFiringFor { get; set; }
    public Severity Severity { get; set; } = Severity.Warning;
    public string? Labels { get; set; }
    public string? Summary { get; set; }
    public string? Runbook { get; set; }
    public bool Enabled { get; set; } = true;

    /// <summary>The form filled with what is stored.</summary>
    public static RuleForm Of(Rule rule) => new()
    {
        Title = rule.Title,
        Expression = rule.Expression,
        For = Durations.Of(rule.For),
        KeepFiringFor = rule.KeepFiringFor == TimeSpan.Zero ? null : Durations.Of(rule.KeepFiringFor),
        Severity = rule.Severity,
        Labels = string.Join(", ", rule.Labels.Select(l => $"{l.Key}={l.Value}")),
        Summary = rule.Summary,
        Runbook = rule.Runbook,
        Enabled = rule.Enabled,
    };

    /// <summary>The form as the rules take it.</summary>
    /// <exception cref="FieldsRefused">The labels are not written as name=value.</exception>
    public RuleDraft Draft() => new(
        Title ?? "", null, Expression ?? "", For, KeepFiringFor, Words.Of(Severity), LabelsOf(Labels), Summary, Runbook, Enabled);

    private static Dictionary<string, string> LabelsOf(string? text)
    {
        var labels = new Dictionary<string, string>();
        foreach (var pair in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2)
            {
                throw new FieldsRefused("labels", "Write labels as name=value, with commas between them.");
            }

            labels[parts[0]] = parts[1];
        }

        return labels;
    }
}
