using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Partners;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>A runbook that could help.</summary>
public sealed record RunbookCandidate(string Slug, string Title, RunbookScope Scope, DateOnly? VerifiedOn = null);

/// <summary>What is known of an incident when runbooks are looked for.</summary>
/// <param name="Alerts">Its alerts.</param>
/// <param name="Integration">Slug of its integration.</param>
/// <param name="Cause">us, network or them; null while nobody can say.</param>
public sealed record RunbookNeed(IReadOnlyList<Alert> Alerts, string? Integration, string? Cause = null);

/// <summary>A runbook that helps with an incident.</summary>
/// <param name="Slug">Its name in addresses.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Reason">Why: "because alertname is PaymentsFailing".</param>
public sealed record FoundRunbook(string Slug, string Title, string Reason);

/// <summary>
/// Which of a partner's runbooks help with an incident, the best first: what an alert names; what fits the most labels; what is
/// called like the alert; what is for its operation; for its integration; and what is for everything.
/// </summary>
public static class RunbookMatch
{
    /// <summary>Most runbooks that are told.</summary>
    public const int Most = 20;

    private sealed record Rank(int Kind, int Labels, string Reason);

    /// <summary>Finds them.</summary>
    public static IReadOnlyList<FoundRunbook> Find(IEnumerable<RunbookCandidate> runbooks, RunbookNeed need)
    {
        var labels = need.Alerts.Select(LabelsOf).ToList();
        return
        [
            .. runbooks.Select(r => (Runbook: r, Rank: RankOf(r, need, labels))).Where(x => x.Rank is not null)
                .OrderBy(x => x.Rank!.Kind).ThenByDescending(x => x.Rank!.Labels).ThenByDescending(x => need.Cause is { } cause && x.Runbook.Scope.Causes.Contains(cause))
                .ThenByDescending(x => x.Runbook.VerifiedOn).ThenBy(x => x.Runbook.Title, StringComparer.OrdinalIgnoreCase).Take(Most)
                .Select(x => new FoundRunbook(x.Runbook.Slug, x.Runbook.Title, x.Rank!.Reason)),
        ];
    }

    /// <summary>The slug that a sender's runbook annotation may mean: a slug, a file's name, or the last part of an address; null when none.</summary>
    public static string? SlugIn(string? named)
    {
        var text = (named ?? "").Trim().Split('#', '?')[0].TrimEnd('/');
        var last = text.Split('/')[^1];
        return last.Length == 0 || last.Length > 200 ? null : Slug.Fits(last) ? last : RunbookFile.SlugOf(last);
    }

    private static Rank? RankOf(RunbookCandidate runbook, RunbookNeed need, List<Dictionary<string, string>> labels)
    {
        if (need.Alerts.FirstOrDefault(a => a.Runbook == runbook.Slug) is { } naming)
        {
            return new(0, 0, $"because the alert “{naming.Title}” names it");
        }

        var scope = runbook.Scope;
        if ((need.Integration is { } at && scope.Integrations.Count > 0 && !scope.Integrations.Contains(at)) || (need.Cause is { } cause && scope.Causes.Count > 0 && !scope.Causes.Contains(cause)))
        {
            return null;
        }

        if (ByLabels(scope, labels) is { } byLabels)
        {
            return byLabels;
        }

        if (labels.SelectMany(NamesOf).FirstOrDefault(n => Same(n, runbook.Slug) || Same(n, runbook.Title)) is { } name)
        {
            return new(2, 0, $"because it is called like the alert {name}");
        }

        if (labels.Select(l => l.GetValueOrDefault("operation")).OfType<string>().FirstOrDefault(o => scope.Operations.Contains(o, StringComparer.OrdinalIgnoreCase)) is { } operation)
        {
            return new(3, 0, $"because the operation is {operation}");
        }

        // What is for other alerts or operations only does not help here.
        return scope.Alerts.Count > 0 || scope.Operations.Count > 0 ? null
            : scope.Integrations.Count > 0 && need.Integration is not null ? new(4, 0, $"because it is for the integration {need.Integration}")
            : need.Cause is { } known && scope.Causes.Contains(known) ? new(4, 0, $"because the likely cause is {known}")
            : scope.Integrations.Count > 0 ? null : new(5, 0, "for everything of this partner");
    }

    private static Rank? ByLabels(RunbookScope scope, List<Dictionary<string, string>> labels)
    {
        var hit = scope.Alerts.Select(RunbookScope.Conditions)
            .Where(conditions => conditions.Count > 0 && labels.Any(l => conditions.All(c => c.Matches(l.GetValueOrDefault(c.Name, "")))))
            .MaxBy(conditions => conditions.Count);
        return hit is null ? null : new(1, hit.Count, $"because {string.Join(" and ", hit.Select(Say))}");
    }

    private static string Say(LabelMatcher condition) => condition.Kind switch
    {
        MatchKind.Equal => $"{condition.Name} is {condition.Value}",
        MatchKind.NotEqual => $"{condition.Name} is not {condition.Value}",
        MatchKind.Matches => $"{condition.Name} fits {condition.Value}",
        _ => $"{condition.Name} does not fit {condition.Value}",
    };

    private static Dictionary<string, string> LabelsOf(Alert alert)
    {
        var labels = new Dictionary<string, string>(alert.Labels);
        labels.TryAdd("alertname", alert.Title);
        labels.TryAdd("severity", Words.Of(alert.Severity));
        labels.TryAdd("source", alert.Source);
        labels["title"] = alert.Title;
        return labels;
    }

    private static IEnumerable<string> NamesOf(Dictionary<string, string> labels) => [labels["alertname"], labels["title"]];

    // PaymentsFailing, payments-failing and "Payments failing" are one name.
    private static bool Same(string one, string other) => Bare(one) is { Length: > 0 } bare && bare == Bare(other);

    private static string Bare(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
