using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Web.Escalation;

/// <summary>A time in which nobody is on call in a schedule.</summary>
public sealed record CoverageGapAnswer(string Schedule, string Name, DateTimeOffset From, DateTimeOffset To);

/// <summary>Who is called for an integration.</summary>
/// <param name="Partner">Slug.</param>
/// <param name="Integration">Slug.</param>
/// <param name="Policy">Slug of the policy that is followed.</param>
/// <param name="Now">Who is called first.</param>
/// <param name="Then">Who is called after them.</param>
/// <param name="Gaps">What reaches nobody.</param>
public sealed record CoveredAnswer(string Partner, string Integration, string Policy, IReadOnlyList<string> Now, IReadOnlyList<string> Then, IReadOnlyList<string> Gaps);

/// <summary>Who is on call for everything, and the gaps of 90 days.</summary>
public sealed record CoverageAnswer(DateTimeOffset At, IReadOnlyList<CoveredAnswer> Integrations, IReadOnlyList<CoverageGapAnswer> Gaps)
{
    /// <summary>The answer for what was read.</summary>
    public static CoverageAnswer Of(Coverage c) => new(
        c.At,
        [.. c.Integrations.Select(r => new CoveredAnswer(r.Partner, r.Integration, r.Plan.Policy, Keys(r.Plan, 0), Keys(r.Plan, 1), r.Plan.Gaps))],
        [.. c.Gaps.Select(g => new CoverageGapAnswer(g.Schedule.Slug, g.Schedule.Name, g.Span.From, g.Span.To))]);

    /// <summary>The first step that calls somebody, or the one after it.</summary>
    internal static PlannedStep? Step(CallPlan plan, int place) => plan.Steps.Where(s => s.Calls.Count > 0).ElementAtOrDefault(place);

    private static List<string> Keys(CallPlan plan, int place) => [.. (Step(plan, place)?.Calls ?? []).Select(c => c.Who.Key).Distinct()];
}
