using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Runbooks;

/// <summary>What the forms of an incident's page do with runbooks.</summary>
public sealed class RunbookActs(RunbookRunStore runs, RunbookStore runbooks)
{
    /// <summary>Begins to follow the runbook of a slug.</summary>
    public const string Start = "start runbook";

    /// <summary>Says that the runbook of a run works as written.</summary>
    public const string Verify = "verify runbook";

    /// <summary>Stands before the state that a step gets.</summary>
    public const string Step = "step ";

    /// <summary>Whether an act is one of these.</summary>
    public static bool Knows(string? act) => act is Start or Verify || act?.StartsWith(Step, StringComparison.Ordinal) == true;

    /// <summary>How a step is named in a form.</summary>
    public static string NameOf(Guid run, string key) => $"{run:N}.{key}";

    /// <summary>Does it.</summary>
    /// <param name="act">What.</param>
    /// <param name="about">The runbook's slug, the run, or the step.</param>
    /// <param name="text">The reason.</param>
    /// <param name="incident">The only incident whose runs may be touched.</param>
    /// <param name="by">Who.</param>
    /// <exception cref="RuleBroken">It cannot be done.</exception>
    public async Task DoAsync(string act, string? about, string? text, Guid incident, Actor by)
    {
        if (act == Start)
        {
            await runs.StartAsync(incident, about, by, CancellationToken.None);
            return;
        }

        var (run, key) = (about ?? "").Split('.', 2) is [var id, .. var rest] && Guid.TryParse(id, out var found) ? (found, rest.FirstOrDefault() ?? "") : (Guid.Empty, "");
        var row = await runs.GetAsync(run, by, CancellationToken.None);
        if (row.Run.IncidentId != incident)
        {
            throw new NotThere("such run");
        }

        if (act == Verify)
        {
            if (!row.Run.WentWell)
            {
                throw new RuleBroken($"“{row.Run.Title}” was not followed to its end without a failure, so this run does not show that it works.");
            }

            await runbooks.VerifyAsync(row.Partner, row.Runbook, row.Run.Number, by, CancellationToken.None);
            return;
        }

        await runs.SetAsync(run, key, act[Step.Length..], text, by, CancellationToken.None);
    }
}
