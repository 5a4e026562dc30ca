using Microsoft.AspNetCore.Components;
using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Web.Runbooks;

namespace PartnerPortal.Web.Incidents;

/// <summary>What the static page of an incident does, whether it was opened by somebody signed in or by a signed link. Plain forms; what was typed stays when it is refused.</summary>
public abstract class IncidentDesk : ComponentBase
{
    private const string RefreshSeconds = "20";

    /// <summary>The form that is open, from the address; the page does not refresh itself meanwhile.</summary>
    [SupplyParameterFromQuery(Name = "write")] public string? Write { get; set; }

    /// <summary>Set when the reader wants the page to stand still.</summary>
    [SupplyParameterFromQuery(Name = "still")] public string? Still { get; set; }

    /// <summary>The step of a runbook whose reason is being written.</summary>
    [SupplyParameterFromQuery(Name = "step")] public string? Asked { get; set; }

    /// <summary>What the posted form wants.</summary>
    [SupplyParameterFromForm(Name = "act")] protected string? Act { get; set; }

    /// <summary>What was typed.</summary>
    [SupplyParameterFromForm(Name = "text")] protected string? Typed { get; set; }

    /// <summary>The further field of a form: whose call it was, their ticket beside the bridge.</summary>
    [SupplyParameterFromForm(Name = "about")] protected string? About { get; set; }

    /// <summary>The request.</summary>
    [CascadingParameter] protected HttpContext Http { get; set; } = default!;

    [Inject] private IncidentStore Incidents { get; set; } = default!;

    [Inject] private IncidentListStore Lists { get; set; } = default!;

    [Inject] private OnCallStore OnCall { get; set; } = default!;

    [Inject] private ContactStore Contacts { get; set; } = default!;

    [Inject] private IncidentDrawing Drawings { get; set; } = default!;

    [Inject] private FollowedRuns Runs { get; set; } = default!;

    [Inject] private RunbookActs Runbooks { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Everything that is shown; null when there is no such incident.</summary>
    protected IncidentView? View { get; private set; }

    /// <summary>Why the last act was refused.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Who acts.</summary>
    protected Actor By { get; set; } = Actor.Portal("page");

    /// <summary>This page's own address, without a query.</summary>
    protected abstract string Self { get; }

    /// <summary>Reads the incident.</summary>
    protected async Task ShowAsync(Guid id)
    {
        var (sheet, now) = (await Lists.GetAsync(id, By, Http.RequestAborted), Clock.GetUtcNow());
        var row = sheet.Row;
        var plan = row is { Partner: { } partner, Integration: { } integration } ? await OnCall.WhoAsync(partner, integration, now, Http.RequestAborted) : null;
        var next = sheet.Run is { IsPaging: true } run ? run.Policy.Steps[run.Next].Targets : [];
        var reach = await OnCall.ReachAsync(next, row.Incident.PartnerId, now, Http.RequestAborted);
        if (Write is null && Still is null && row.Incident.State != IncidentState.Resolved && HttpMethods.IsGet(Http.Request.Method))
        {
            // Without script, and never while a form is open. The page says how to stop it.
            Http.Response.Headers["Refresh"] = RefreshSeconds;
        }

        View = new(sheet, plan, [.. next.SelectMany(t => reach(t).Callees).Select(c => c.Name).Distinct()], await Drawings.OfAsync(sheet, now, Http.RequestAborted),
            await Runs.OfIncidentAsync(id, By, Http.RequestAborted), now);
    }

    /// <summary>Does what the posted form wants, then shows the page anew; a refusal is a sentence, and what was typed stays.</summary>
    protected async Task ActAsync()
    {
        if (View is null)
        {
            return;
        }

        try
        {
            By.Need(Right.Respond);
            await DoAsync(View.Incident.Id);
            Navigation.NavigateTo(RunbookActs.Knows(Act) ? $"{Self}#run" : Self);
        }
        catch (FieldsRefused refused)
        {
            Refuse(string.Join(' ', refused.Errors.SelectMany(e => e.Value)), StatusCodes.Status422UnprocessableEntity);
        }
        catch (Exception e) when (e is RuleBroken or NotThere or NotAllowed or ChangedMeanwhile)
        {
            Refuse(e.Message, StatusCodes.Status409Conflict);
        }
        catch (Exception e) when (DatabaseAway.Is(e))
        {
            Refuse("The database is away. Nothing was saved; what you typed is still here. Try again in a few seconds.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private Task DoAsync(Guid id) => Act switch
    {
        "acknowledge" => Incidents.AcknowledgeAsync(id, By, CancellationToken.None),
        "take" => Incidents.ReassignAsync(id, By.Name, By, CancellationToken.None),
        "escalate" => Incidents.EscalateAsync(id, By, CancellationToken.None),
        "resolve" => Incidents.ResolveAsync(id, Typed, By, CancellationToken.None),
        "note" => Incidents.NoteAsync(id, Typed, By, CancellationToken.None),
        "person" => Incidents.AddResponderAsync(id, Typed ?? "", By, CancellationToken.None),
        "snooze" => Durations.TryParse(Typed ?? "", out var length)
            ? Incidents.SnoozeAsync(id, Clock.GetUtcNow() + length, By, CancellationToken.None)
            : throw new FieldsRefused("text", "Choose how long it shall be quiet."),
        "ticket" => Incidents.ChangeAsync(id, new(Bridge: About, TheirTicket: Typed), By, CancellationToken.None),
        "policy" => Incidents.UseCurrentPolicyAsync(id, By, CancellationToken.None),
        "call" => CalledAsync(id),
        { } act when RunbookActs.Knows(act) => Runbooks.DoAsync(act, About, Typed, id, By),
        _ => throw new RuleBroken("This page is older than the portal. Load it again."),
    };

    // How a call to a contact ended: on the contact, whose health it feeds, and in the timeline.
    private async Task CalledAsync(Guid id)
    {
        if (!Words.TryParse<AttemptOutcome>(Typed ?? "", out var outcome) || View!.Calls.FirstOrDefault(c => c.Who.Key == About)?.Who is not { } who || who.Key.Split('/') is not [var partner, var contact])
        {
            throw new RuleBroken("This contact is no longer called here. Load the page again.");
        }

        await Contacts.AttemptAsync(partner, contact, outcome, By, CancellationToken.None);
        await Incidents.CalledAsync(id, who.Name, outcome, By, CancellationToken.None);
    }

    private void Refuse(string sentence, int status)
    {
        Problem = sentence;
        Http.Response.StatusCode = status;
    }
}

/// <summary>What the page of an incident shows.</summary>
/// <param name="Sheet">The incident with all that belongs to it.</param>
/// <param name="Plan">Who would be called now; null when it is on us.</param>
/// <param name="Next">Names of those whom the next step pages.</param>
/// <param name="Drawing">The figure that its rule watches.</param>
/// <param name="Runs">The runbooks that are or were followed, oldest first.</param>
/// <param name="Now">When it was read.</param>
public sealed record IncidentView(IncidentSheet Sheet, CallPlan? Plan, IReadOnlyList<string> Next, DrawnIncident? Drawing, IReadOnlyList<FollowedRun> Runs, DateTimeOffset Now)
{
    /// <summary>The incident.</summary>
    public Incident Incident => Sheet.Row.Incident;

    /// <summary>Whom to call, theirs first, nobody twice.</summary>
    public IReadOnlyList<PlannedCall> Calls => [.. (Plan?.Calls ?? []).DistinctBy(c => c.Who.Key).OrderBy(c => c.Who.Side == Side.Ours).Take(6)];
}
