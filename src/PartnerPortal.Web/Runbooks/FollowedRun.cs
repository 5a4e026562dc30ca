using System.Text.RegularExpressions;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Web.Runbooks;

/// <summary>A step as it is shown.</summary>
/// <param name="Step">The frozen step.</param>
/// <param name="Standing">What became of it; null while it is to do.</param>
/// <param name="Html">Its body, safe.</param>
/// <param name="Queries">What its queries say now; none for what is settled.</param>
public sealed record FollowedStep(RunbookStep Step, StepStanding? Standing, string Html, IReadOnlyList<LiveQuery> Queries);

/// <summary>A run as it is shown.</summary>
public sealed record FollowedRun(RunbookRunRow Row, IReadOnlyList<FollowedStep> Steps)
{
    /// <summary>The run.</summary>
    public RunbookRun Run => Row.Run;
}

/// <summary>Reads runs for pages: bodies rendered, queries answered.</summary>
public sealed partial class FollowedRuns(RunbookRunStore store, LiveQueries queries)
{
    /// <summary>The runs of an incident, oldest first.</summary>
    public async Task<IReadOnlyList<FollowedRun>> OfIncidentAsync(Guid incident, Actor by, CancellationToken cancel)
    {
        List<FollowedRun> runs = [];
        foreach (var row in await store.OfIncidentAsync(incident, by, cancel))
        {
            runs.Add(await ShowAsync(row, cancel));
        }

        return runs;
    }

    /// <summary>One run.</summary>
    /// <exception cref="Domain.NotThere">There is none.</exception>
    public async Task<FollowedRun> GetAsync(Guid id, Actor by, CancellationToken cancel) => await ShowAsync(await store.GetAsync(id, by, cancel), cancel);

    // All queries are asked at once, so that the page waits for the slowest only.
    private async Task<FollowedRun> ShowAsync(RunbookRunRow row, CancellationToken cancel)
    {
        var asked = row.Run.EndedAt is not null ? []
            : row.Run.Steps.Where(s => row.Run.StandingOf(s.Key) is null).SelectMany(s => LiveQueries.In(s.Body).Select(q => (s.Key, Query: q))).Take(LiveQueries.MostQueries).ToList();
        var answers = await Task.WhenAll(asked.Select(a => queries.AskAsync(a.Query, row.Partner, row.Integration ?? Integration.MainSlug, cancel)));
        var byStep = asked.Zip(answers).ToLookup(x => x.First.Key, x => x.Second);
        return new(row, [.. row.Run.Steps.Select(s => new FollowedStep(s, row.Run.StandingOf(s.Key), Html(s.Body), [.. byStep[s.Key]]))]);
    }

    // Several steps stand in one page, so their headings have no ids.
    private static string Html(string body) => body.Length == 0 ? "" : Ids().Replace(RunbookHtml.Render(body, apart: true).Html, "");

    [GeneratedRegex(" id=\"h-[^\"]*\"")]
    private static partial Regex Ids();
}
