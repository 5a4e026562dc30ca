using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.Domain.Scorecards;

/// <summary>How a practice stands for an integration. Without data it is never fulfilled.</summary>
public enum PracticeState
{
    /// <summary>Proven.</summary>
    Fulfilled,

    /// <summary>There, with a hole in it.</summary>
    AtRisk,

    /// <summary>The stage asks for it and it is not there.</summary>
    Missing,

    /// <summary>The stage does not ask for it yet.</summary>
    NotYetDue,

    /// <summary>Asked for, and the portal has not been told yet.</summary>
    ToCollect,
}

/// <summary>One of the six practices as it stands.</summary>
/// <param name="Key">Its name for programs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="State">How it stands.</param>
/// <param name="Rule">What fulfils it.</param>
/// <param name="Reason">Why it stands like this.</param>
/// <param name="Path">The page under /partners/{slug} that holds the evidence.</param>
public sealed record Practice(string Key, string Name, PracticeState State, string Rule, string Reason, string Path);

/// <summary>What the portal holds about an integration, as the practices are measured.</summary>
/// <param name="Stage">Where it stands.</param>
/// <param name="ReviewPassed">The newest concluded review: go or conditional go is true, no-go false; null while none is concluded.</param>
/// <param name="ReviewOpen">A review is being answered.</param>
/// <param name="TheirSources">Metric sources on the partner's side that are not paused.</param>
/// <param name="TheirSourcesUp">Those whose last scrape succeeded.</param>
/// <param name="OurSources">Metric sources on our side that are not paused.</param>
/// <param name="PartnerContacts">Contacts on the partner's side.</param>
/// <param name="Runbooks">Runbooks.</param>
/// <param name="HasPolicy">An escalation policy of its own is linked; without one the last resort is called.</param>
/// <param name="HasMailAddress">The partner has one address to write to.</param>
/// <param name="ContactConfirmed">A contact of theirs was confirmed working within half a year.</param>
public sealed record PracticeEvidence(
    Stage Stage, bool? ReviewPassed, bool ReviewOpen, int TheirSources, int TheirSourcesUp, int OurSources,
    int PartnerContacts, int Runbooks, bool HasPolicy, bool HasMailAddress, bool ContactConfirmed);

/// <summary>The six practices that make a partnership safe, measured by what the portal holds.</summary>
public static class SixPractices
{
    /// <summary>All six, in their order.</summary>
    public static IReadOnlyList<Practice> Of(PracticeEvidence e) => [Review(e), JointDays(e), Checks(e), Metrics(e), Escalation(e), Communication(e)];

    private static Practice Review(PracticeEvidence e)
    {
        var (state, reason) = e switch
        {
            { ReviewPassed: true } => (PracticeState.Fulfilled, "concluded with go"),
            { ReviewPassed: false } => (PracticeState.AtRisk, "the last one ended in no-go"),
            { ReviewOpen: true } => (Due(e, Stage.Contracted, PracticeState.AtRisk), "being answered"),
            _ => (Due(e, Stage.Contracted, PracticeState.Missing), "none yet"),
        };
        return new("review", "Technical review", state, "Concluded with go by engineers of both sides before anything is signed.", reason, "/reviews");
    }

    private static Practice JointDays(PracticeEvidence e) => new(
        "joint-days", "Joint days", Due(e, Stage.Integrating, PracticeState.ToCollect), "Engineers of both sides in one room in week one or two.", "no data yet", "");

    private static Practice Checks(PracticeEvidence e) => new(
        "checks", "API checks", Due(e, Stage.Integrating, PracticeState.ToCollect), "Calls to the real API every couple of hours, and a fake that equals it.", "no data yet", "");

    private static Practice Metrics(PracticeEvidence e)
    {
        var (state, reason) = e switch
        {
            { TheirSources: > 0, OurSources: > 0 } when e.TheirSourcesUp == e.TheirSources => (PracticeState.Fulfilled, "both sides"),
            { TheirSources: > 0 } when e.TheirSourcesUp < e.TheirSources => (PracticeState.AtRisk, "theirs does not answer"),
            { TheirSources: > 0 } => (PracticeState.AtRisk, "only theirs"),
            { OurSources: > 0 } => (PracticeState.AtRisk, "only ours"),
            _ => (Due(e, Stage.Live, PracticeState.Missing), "no source yet"),
        };
        return new("metrics", "Metrics of both sides", state, "The partner's metrics service and our own counts of every call.", reason, "/charts");
    }

    private static Practice Escalation(PracticeEvidence e)
    {
        List<string> lacking = [];
        Note(lacking, e.HasPolicy, "policy");
        Note(lacking, e.PartnerContacts > 0, "contact of theirs");
        Note(lacking, e.Runbooks > 0, "runbook");
        var state = lacking.Count switch { 0 => PracticeState.Fulfilled, 3 => Due(e, Stage.Live, PracticeState.Missing), _ => Due(e, Stage.Live, PracticeState.AtRisk) };
        return new("escalation", "Escalation", state, "A policy, a contact on their side, and a runbook.", lacking.Count == 0 ? "policy, contact, runbook" : "lacks " + string.Join(", ", lacking), "/escalation");
    }

    private static Practice Communication(PracticeEvidence e)
    {
        var (state, reason) = e switch
        {
            { HasMailAddress: true, ContactConfirmed: true } => (PracticeState.Fulfilled, "one address, a contact confirmed"),
            { HasMailAddress: true } => (PracticeState.AtRisk, "no contact confirmed in 6 months"),
            _ => (Due(e, Stage.Contracted, PracticeState.Missing), "no mail address of ours for them"),
        };
        return new("communication", "Communication", state, "One mail address that outlives people, and contacts that are known to work.", reason, "/contacts");
    }

    // Suspended and retiring integrations were live; those that ended or never began owe nothing.
    private static PracticeState Due(PracticeEvidence e, Stage from, PracticeState otherwise) =>
        e.Stage is Stage.Retired or Stage.Declined || (e.Stage < from) ? PracticeState.NotYetDue : otherwise;

    private static void Note(List<string> lacking, bool there, string what)
    {
        if (!there)
        {
            lacking.Add(what);
        }
    }
}
