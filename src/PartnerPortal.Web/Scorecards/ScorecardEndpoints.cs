using PartnerPortal.Data.Scorecards;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Scorecards;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Scorecards;

/// <summary>The six practices over HTTP.</summary>
/// <param name="Practices">All six, in their order.</param>
public sealed record ScorecardAnswer(IReadOnlyList<PracticeAnswer> Practices);

/// <summary>One practice: how it stands, what would fulfil it, where the evidence is.</summary>
public sealed record PracticeAnswer(string Key, string Name, PracticeState State, string Rule, string Reason, IReadOnlyList<string> Evidence);

/// <summary>Reads the scorecard of an integration.</summary>
public static class ScorecardEndpoints
{
    /// <summary>Maps /partners/{slug}/scorecard.</summary>
    public static void MapScorecards(this IEndpointRouteBuilder api) =>
        api.MapGet("/partners/{slug}/scorecard", GetAsync).WithTags("Scorecards").Needs(Right.Read);

    private static async Task<ScorecardAnswer> GetAsync(string slug, PracticeStore store, CancellationToken cancel, string? integration = null) => new(
        [.. SixPractices.Of(await store.ReadAsync(slug, integration ?? Integration.MainSlug, cancel))
            .Select(p => new PracticeAnswer(p.Key, p.Name, p.State, p.Rule, p.Reason, p.Path.Length == 0 ? [] : [$"/partners/{slug}{p.Path}"]))]);
}
