using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Domain.Metrics;

/// <summary>
/// A condition over an integration's figures that raises an alert when it is met for long enough. Its result is one state per set
/// of labels, see <see cref="RuleStanding"/>.
/// </summary>
public sealed class Rule : IAudited
{
    /// <summary>Most rules of one integration: all of them are computed at every scrape.</summary>
    public const int MostPerIntegration = 100;

    /// <summary>The longest that a condition may have to be met, or that an alert is kept.</summary>
    public static readonly TimeSpan LongestFor = TimeSpan.FromDays(7);

    private Rule()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner it is about.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration whose figures it reads.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>The name in addresses, unique within the partner; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>What people call it, and the title of its alerts.</summary>
    public string Title { get; private set; } = "";

    /// <summary>PromQL.</summary>
    public string Expression { get; private set; } = "";

    /// <summary>How long the condition must be met before the alert goes out.</summary>
    public TimeSpan For { get; private set; }

    /// <summary>How long the alert stays after the condition is not met any more.</summary>
    public TimeSpan KeepFiringFor { get; private set; }

    /// <summary>How bad it is when it fires.</summary>
    public Severity Severity { get; private set; } = Severity.Warning;

    /// <summary>Added to the labels of its alerts.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private set; } = new Dictionary<string, string>();

    /// <summary>The template of its alerts' summary; empty means title and value.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>The slug of the partner's runbook that helps; null when none is named.</summary>
    public string? Runbook { get; private set; }

    /// <summary>Whether it is computed.</summary>
    public bool Enabled { get; private set; } = true;

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("rule", Id, Title, PartnerId);

    /// <summary>Enters a rule.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Rule Enter(Guid partnerId, Guid integrationId, RuleDraft draft, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var title = RuleFields.Title(check, draft);
        var rule = new Rule
        {
            Id = Guid.CreateVersion7(at),
            PartnerId = partnerId,
            IntegrationId = integrationId,
            Slug = Partners.Slug.Check(check, draft.Slug, title, "rule"),
            CreatedAt = at,
        };
        rule.Apply(draft with { Title = title }, check);
        check.ThrowIfRefused();
        return rule;
    }

    /// <summary>Checks a draft as <see cref="Enter"/> would, without keeping it: for trying a rule before it is saved.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Rule Preview(RuleDraft draft) =>
        Enter(Guid.Empty, Guid.Empty, draft with { Title = string.IsNullOrWhiteSpace(draft.Title) ? "Preview" : draft.Title, Slug = "preview" }, DateTimeOffset.UnixEpoch);

    /// <summary>Makes it what the draft says, as a whole: what the draft leaves out takes its default.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(RuleDraft draft)
    {
        var check = new FieldCheck();
        if (draft.Slug is not null && draft.Slug != Slug)
        {
            check.Refuse("slug", "The slug stands in addresses that others have kept, so it cannot change.");
        }

        Apply(draft with { Title = RuleFields.Title(check, draft with { Slug = Slug }) }, check);
        check.ThrowIfRefused();
    }

    /// <summary>The labels of an alert: those of the result without the metric's name, and the rule's own over them.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(IEnumerable<KeyValuePair<string, string>> result)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in result.Where(l => l.Key != TimeSeries.Labels.Label.MetricName).Concat(Labels))
        {
            labels[name] = value;
        }

        return labels;
    }

    /// <summary>The sentence of an alert.</summary>
    public string SummaryOf(IReadOnlyDictionary<string, string> labels, double? value) =>
        RuleTemplate.Fill(Summary.Length > 0 ? Summary : Title + ": {{ $value }}", labels, value);

    private void Apply(RuleDraft draft, FieldCheck check)
    {
        Title = draft.Title!;
        Expression = RuleFields.Expression(check, draft.Expression);
        For = RuleFields.Duration(check, "for", draft.For);
        KeepFiringFor = RuleFields.Duration(check, "keepFiringFor", draft.KeepFiringFor);
        Severity = check.Word("severity", draft.Severity, Severity.Warning);
        Labels = RuleFields.Labels(check, draft.Labels);
        Summary = RuleFields.Summary(check, draft.Summary);
        Runbook = RuleFields.Runbook(check, draft.Runbook);
        Enabled = draft.Enabled ?? true;
    }
}
