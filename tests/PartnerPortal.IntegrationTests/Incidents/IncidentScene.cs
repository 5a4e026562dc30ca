using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>What tests of incidents share: a live partner with a policy, alerts as a source writes them, and the modules' work done at once.</summary>
public abstract class IncidentScene(TestDatabase database)
{
    protected static readonly Actor Ana = TestDatabase.Ana;
    protected static readonly Actor Li = new(Guid.NewGuid(), "li@example.com", Role.Operator);

    protected TestDatabase Database { get; } = database;

    protected IncidentOpenStore Opening => Database.Get<IncidentOpenStore>();

    protected IncidentStore Incidents => Database.Get<IncidentStore>();

    protected IncidentListStore List => Database.Get<IncidentListStore>();

    protected RunStore Runs => Database.Get<RunStore>();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected static async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (RuleBroken)
        {
            return false;
        }
    }

    protected async Task<Incident> DeclareAsync() => await Database.Get<DeclareStore>().DeclareAsync(new(Title: "Nobody can buy"), Ana, Cancel);

    protected Task<IncidentSheet> SheetAsync(Guid id) => List.GetAsync(id, Ana, Cancel);

    protected async Task<int> SettleAsync()
    {
        var all = 0;
        for (var done = 1; done > 0; all += done)
        {
            done = await Opening.SettleAsync(50, Cancel);
        }

        return all;
    }

    protected async Task GoOnAsync()
    {
        while (await Runs.CarryOutDueAsync(50, Cancel) > 0)
        {
        }
    }

    protected async Task<List<string>> SentAsync(Guid incident, string kind)
    {
        var sheet = await SheetAsync(incident);
        return [.. sheet.Notifications.Where(n => Words.Of(n.Kind) == kind).Select(n => $"{n.Recipient} {Words.Of(n.Channel)}")];
    }

    protected Task MarkSentAsync(Guid incident) => Database.RunAsync("UPDATE escalation.notifications SET state = 'sent' WHERE incident_id = $1", incident);

    protected async Task<(string Slug, Guid Id, Guid Integration, string Policy)> LivePartnerAsync()
    {
        var slug = "shop" + Guid.NewGuid().ToString("N")[..10];
        var policy = "night-" + slug;
        await Database.Get<PolicyStore>().SaveAsync(policy, new("Night", Steps: [new("0s", [new(Person: "ana@example.com")]), new("15m", [new(Person: "li@example.com")])], Repeat: 1), null, Ana, Cancel);
        var partner = await Database.Get<PartnerStore>().EnterAsync(new() { Slug = slug, Name = "Shop", Owner = "ana@example.com" }, "live", Ana, Cancel);
        await Database.Get<IntegrationStore>().ChangeAsync(slug, "main", new() { EscalationPolicy = policy }, null, Ana, Cancel);
        return (slug, partner.Id, partner.Integrations[0].Id, policy);
    }

    // As a source writes it: the stores of sources have tests of their own.
    protected async Task<Guid> RaiseAsync((string Slug, Guid Id, Guid Integration, string Policy) shop, string key, string group, Severity severity = Severity.Critical)
    {
        var id = Guid.CreateVersion7(Database.Clock.GetUtcNow());
        await Database.RunAsync(
            """
            INSERT INTO incidents.alerts (id, partner_id, integration_id, source, source_name, dedup_key, title, summary, severity, labels, onset, first_seen_at, last_seen_at, repeats, settled, "group", history)
            VALUES ($1, $2, $3, 'test', 'monitoring', $4, $5, '61 % of calls fail', $6, '{}', jsonb_build_object('firstBad', portal.now(), 'method', 'rule'), portal.now(), portal.now(), 0, false, $7, '[]')
            """,
            id, shop.Id, shop.Integration, $"{shop.Slug} {key}", $"Purchases failing: {key}", Words.Of(severity), group);
        return id;
    }

    protected Task ResolveAsync(Guid alert) => Database.RunAsync("UPDATE incidents.alerts SET resolved_at = portal.now(), settled = false WHERE id = $1", alert);
}
