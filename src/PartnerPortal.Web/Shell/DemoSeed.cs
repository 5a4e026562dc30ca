using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Shell;

/// <summary>
/// Enters the partners of the demo through the same stores and rules as a person does. A partner whose slug
/// exists, archived or not, is left alone with all that belongs to it, so a second start changes nothing and
/// nobody's own data is touched.
/// </summary>
public sealed class DemoSeed(
    PartnerStore partners, IntegrationStore integrations, TemplateStore templates, ReviewStore reviews, DecisionStore decisions, RunbookStore runbooks,
    ContactStore contacts, TeamStore teams, PolicyStore policies, MetricSourceStore sources, ChartStore charts, CounterPairStore pairs, RuleStore rules,
    DemoOptions demo, TimeProvider clock, ILogger<DemoSeed> log) : BackgroundService
{

    private static readonly Actor By = Actor.Portal("demo");

    /// <summary>Enters what is not there; answers how many partners were new.</summary>
    public async Task<int> PlantAsync(CancellationToken cancel)
    {
        var planted = 0;
        foreach (var partner in DemoPartners.All(demo.Address, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)))
        {
            if (!await IsThereAsync(() => partners.GetAsync(partner.Slug, cancel)))
            {
                await EnterAsync(partner, cancel);
                planted++;
            }
        }

        return planted;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await PlantAsync(stoppingToken) is > 0 and var planted)
            {
                log.LogInformation("The demo has entered {Count} partners", planted);
            }
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // A demo without its partners is still a portal.
            log.LogError(failure, "The partners of the demo could not be entered");
        }
    }

    private async Task EnterAsync(DemoPartner partner, CancellationToken cancel)
    {
        await partners.EnterAsync(partner.Partner, partner.Stage, By, cancel);
        await integrations.ChangeAsync(partner.Slug, Integration.MainSlug, partner.Main, null, By, cancel);
        foreach (var other in partner.Others)
        {
            await partners.AddIntegrationAsync(partner.Slug, other, By, cancel);
        }

        foreach (var (draft, attempt) in partner.Contacts)
        {
            var contact = await contacts.EnterAsync(partner.Slug, draft, By, cancel);
            if (attempt is { } outcome)
            {
                await contacts.AttemptAsync(partner.Slug, contact.Slug, outcome, DemoPeople.Tom, cancel);
            }
        }

        foreach (var runbook in partner.Runbooks)
        {
            await runbooks.WriteAsync(partner.Slug, null, runbook, null, DemoPeople.Tom, cancel);
        }

        if (partner.Policy is { } policy)
        {
            await EscalateAsync(partner.Slug, policy, cancel);
        }

        foreach (var source in partner.Sources)
        {
            await sources.EnterAsync(partner.Slug, Integration.MainSlug, source, DemoPeople.Ana, cancel);
        }

        foreach (var chart in partner.Charts)
        {
            await charts.AddAsync(partner.Slug, Integration.MainSlug, chart, DemoPeople.Ana, cancel);
        }

        foreach (var pair in partner.Pairs)
        {
            await pairs.SaveAsync(partner.Slug, Integration.MainSlug, null, pair, DemoPeople.Ana, cancel);
        }

        foreach (var rule in partner.Rules)
        {
            await rules.SaveAsync(partner.Slug, Integration.MainSlug, null, rule, null, DemoPeople.Ana, cancel);
        }

        foreach (var review in partner.Reviews)
        {
            await ReviewAsync(partner.Slug, review, cancel);
        }

        foreach (var stage in partner.Moves)
        {
            await integrations.MoveAsync(partner.Slug, Integration.MainSlug, stage, null, null, DemoPeople.Ana, cancel);
        }
    }

    private async Task ReviewAsync(string partner, DemoReview review, CancellationToken cancel)
    {
        // The host ships the checklists, too, at the same time; only who comes first has to.
        if (!await IsThereAsync(() => templates.GetAsync(review.Template, null, cancel)))
        {
            await templates.ShipAsync(cancel);
        }

        var started = await reviews.StartAsync(partner, Integration.MainSlug, review.Template, review.By, cancel);
        var checklist = await reviews.ChecklistAsync(started.Id, review.By, cancel);
        foreach (var key in checklist.Items.Select(item => item.Key))
        {
            if ((review.Answers.GetValueOrDefault(key) ?? review.Otherwise) is { } answer)
            {
                // What a condition or the tier leaves out is not there to be answered.
                await IsThereAsync(() => reviews.AnswerAsync(started.Id, key, answer, Answer.Untouched, review.By, cancel));
            }
        }

        if (review.Decision is { } decision)
        {
            await decisions.ConcludeAsync(started.Id, decision, review.By, cancel);
        }
    }

    private async Task EscalateAsync(string partner, PolicyDraft policy, CancellationToken cancel)
    {
        if (!await IsThereAsync(() => teams.GetAsync(DemoPeople.TeamSlug, cancel)))
        {
            await teams.SaveAsync(null, DemoPeople.Team, null, DemoPeople.Tom, cancel);
        }

        if (!await IsThereAsync(() => policies.GetAsync(policy.Slug!, cancel)))
        {
            await policies.SaveAsync(null, policy, null, DemoPeople.Tom, cancel);
        }

        await integrations.ChangeAsync(partner, Integration.MainSlug, new IntegrationDraft(EscalationPolicy: policy.Slug), null, DemoPeople.Tom, cancel);
    }

    private static async Task<bool> IsThereAsync(Func<Task> get)
    {
        try
        {
            await get();
            return true;
        }
        catch (NotThere)
        {
            return false;
        }
    }
}
