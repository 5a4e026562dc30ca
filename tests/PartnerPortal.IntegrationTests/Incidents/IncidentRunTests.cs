using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>From an alert to the right person, with a clock that the test moves.</summary>
public sealed class IncidentRunTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>
{
    [Fact]
    public async Task An_alert_opens_one_incident_its_repeats_join_and_its_end_resolves_it()
    {
        var shop = await LivePartnerAsync();
        var alert = await RaiseAsync(shop, "errors", "shop");
        await RaiseAsync(shop, "latency", "shop");
        await RaiseAsync(shop, "queue", "other");
        Assert.Equal(3, await SettleAsync());

        var open = await List.AfterAsync(new(Partner: shop.Slug, NotOver: true), null, 10, Ana, Cancel);
        Assert.Equal([1, 2], open.Select(r => r.Alerts).Order());
        var first = open.Single(r => r.Alerts == 2).Incident;
        await GoOnAsync();
        Assert.Equal(["ana@example.com mail"], await SentAsync(first.Id, "page"));

        await ResolveAsync(alert);
        await SettleAsync();
        Assert.Equal(IncidentState.Open, (await SheetAsync(first.Id)).Row.Incident.State);
        foreach (var other in (await SheetAsync(first.Id)).Alerts.Where(a => a.ResolvedAt is null))
        {
            await ResolveAsync(other.Id);
        }

        await SettleAsync();
        var sheet = await SheetAsync(first.Id);
        Assert.Equal(IncidentState.Resolved, sheet.Row.Incident.State);
        Assert.NotNull(sheet.Run!.EndedAt);
        Assert.Equal([EntryKind.Opened, EntryKind.Alert, EntryKind.Step, EntryKind.AlertOver, EntryKind.AlertOver, EntryKind.Resolved], sheet.Timeline.Select(e => e.Kind));
    }

    [Fact]
    public async Task Who_was_paged_gets_the_resolved_and_who_was_not_paged_yet_gets_nothing()
    {
        var shop = await LivePartnerAsync();
        var alert = await RaiseAsync(shop, "errors", "shop");
        await SettleAsync();
        await GoOnAsync();
        var id = (await List.AfterAsync(new(Partner: shop.Slug), null, 1, Ana, Cancel))[0].Incident.Id;
        await MarkSentAsync(id);
        await ResolveAsync(alert);
        await SettleAsync();
        Assert.Equal(["ana@example.com mail"], await SentAsync(id, "resolved"));

        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        var again = await RaiseAsync(shop, "errors", "shop");
        await SettleAsync();
        await GoOnAsync();
        var second = (await List.AfterAsync(new(Partner: shop.Slug), null, 1, Ana, Cancel))[0].Incident.Id;
        Assert.NotEqual(id, second);
        await ResolveAsync(again);
        await SettleAsync();
        Assert.Empty(await SentAsync(second, "resolved"));
        Assert.Equal(1L, await Database.AskAsync<long>("SELECT count(*) FROM escalation.notifications WHERE incident_id = $1 AND state = 'dropped'", second));
    }

    [Fact]
    public async Task Steps_follow_the_frozen_policy_until_somebody_takes_it_and_begin_anew_when_nobody_acts()
    {
        var shop = await LivePartnerAsync();
        await RaiseAsync(shop, "errors", "shop");
        await SettleAsync();
        await GoOnAsync();
        await Database.Get<PolicyStore>().SaveAsync(shop.Policy, new(Steps: [new("0s", [new(Person: "bo@example.com")])]), null, Ana, Cancel);
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(14));
        await GoOnAsync();
        var id = (await List.AfterAsync(new(Partner: shop.Slug), null, 1, Ana, Cancel))[0].Incident.Id;
        Assert.Equal(["ana@example.com mail"], await SentAsync(id, "page"));
        Assert.True((await SheetAsync(id)).PolicyEdited);
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        await GoOnAsync();
        Assert.Equal(["ana@example.com mail", "li@example.com mail"], await SentAsync(id, "page"));

        await MarkSentAsync(id);
        var taken = await Incidents.AcknowledgeAsync(id, Li, Cancel);
        Assert.Equal(Database.Clock.GetUtcNow().AddMinutes(30), taken.AcknowledgedUntil);
        Assert.Equal(["ana@example.com mail"], await SentAsync(id, "acknowledged"));
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(20));
        await Incidents.NoteAsync(id, "called them", Li, Cancel);
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(29));
        await GoOnAsync();
        Assert.Equal(IncidentState.Acknowledged, (await SheetAsync(id)).Row.Incident.State);
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        await GoOnAsync();
        var sheet = await SheetAsync(id);
        Assert.Equal(IncidentState.Open, sheet.Row.Incident.State);
        Assert.Equal(3, sheet.Steps.Count);
        Assert.Equal(["night ana@example.com", "night li@example.com", "night ana@example.com"], sheet.Steps.Select(s => $"{s.Policy[..5]} {s.Calls.Single().Key}"));

        await Incidents.UseCurrentPolicyAsync(id, Li, Cancel);
        await GoOnAsync();
        Assert.Equal("bo@example.com", (await SheetAsync(id)).Steps[^1].Calls.Single().Key);
    }

    [Fact]
    public async Task Several_portals_at_once_carry_out_every_step_once()
    {
        var shop = await LivePartnerAsync();
        for (var n = 0; n < 40; n++)
        {
            await RaiseAsync(shop, "errors" + n, "group" + n);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (await Opening.SettleAsync(7, Cancel) > 0 || await Runs.CarryOutDueAsync(3, Cancel) > 0)
            {
            }
        }));
        await SettleAsync();
        await GoOnAsync();

        Assert.Equal(40, await List.CountAsync(new(Partner: shop.Slug), Ana, Cancel));
        Assert.Equal(40L, await Database.AskAsync<long>(
            "SELECT count(*) FROM escalation.steps s JOIN incidents.incidents i ON i.id = s.incident_id JOIN partners.partners p ON p.id = i.partner_id WHERE p.slug = $1 AND s.turn = 1", shop.Slug));
    }

    [Fact]
    public async Task Warnings_wait_for_working_hours_and_news_is_only_written_down()
    {
        var shop = await LivePartnerAsync();
        await Database.Clock.MoveToAsync(new DateTimeOffset(2027, 3, 6, 12, 0, 0, TimeSpan.Zero)); // a Saturday
        await RaiseAsync(shop, "slow", "slow", Severity.Warning);
        await RaiseAsync(shop, "news", "news", Severity.Info);
        await SettleAsync();
        await GoOnAsync();

        var row = Assert.Single(await List.AfterAsync(new(Partner: shop.Slug), null, 10, Ana, Cancel));
        Assert.Equal(Urgency.WorkingHours, row.Incident.Urgency);
        Assert.Equal(
            new DateTimeOffset(2027, 3, 8, 9, 0, 0, TimeSpan.Zero),
            await Database.AskAsync<DateTime>("SELECT due_at FROM escalation.notifications WHERE incident_id = $1 AND kind = 'update'", row.Incident.Id));
    }
}
