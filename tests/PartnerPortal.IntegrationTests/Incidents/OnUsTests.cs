using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>Unrelated partners that fail together are one incident on us; inhibitions and drills.</summary>
public sealed class OnUsTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() =>
        await Database.RunAsync("UPDATE incidents.incidents SET resolved_at = portal.now() WHERE resolved_at IS NULL; UPDATE escalation.runs SET ended_at = portal.now(), due_at = NULL WHERE ended_at IS NULL; UPDATE incidents.alerts SET resolved_at = portal.now(), settled = true; DELETE FROM incidents.inhibitions");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Three_partners_that_fail_together_are_one_incident_on_us_and_page_again_by_themselves_when_it_is_over()
    {
        var shops = new[] { await LivePartnerAsync(), await LivePartnerAsync(), await LivePartnerAsync() };
        await RaiseAsync(shops[0], "a", "a");
        await RaiseAsync(shops[1], "a", "a");
        await SettleAsync();
        Assert.Equal(0, await Gather());
        var third = await RaiseAsync(shops[2], "a", "a");
        await SettleAsync();
        await Task.WhenAll(Gather(), Gather(), Gather());

        var open = await List.AfterAsync(new(NotOver: true), null, 50, Ana, Cancel);
        var parent = Assert.Single(open, i => i.Partner is null).Incident;
        Assert.StartsWith("3 partners fail together", parent.Title, StringComparison.Ordinal);
        Assert.Equal(3, parent.AlsoHit.Count);
        Assert.Equal(3, open.Count(i => i.Incident.PartOf == parent.Id));
        await GoOnAsync();
        foreach (var part in open.Where(i => i.Partner is not null))
        {
            Assert.Empty(await SentAsync(part.Incident.Id, "page"));
        }


        // One is over by itself; the others page again after the parent.
        await ResolveAsync(third);
        await SettleAsync();
        await Incidents.ResolveAsync(parent.Id, null, Ana, Cancel);
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
        await GoOnAsync();
        Assert.Equal(0, await Gather());
        var left = await List.AfterAsync(new(NotOver: true), null, 50, Ana, Cancel);
        Assert.Equal(2, left.Count);
        Assert.All(left, i => Assert.Null(i.Incident.PartOf));
        Assert.NotEmpty(await SentAsync(left[0].Incident.Id, "page"));
    }

    [Fact]
    public async Task A_control_target_and_one_partner_are_enough()
    {
        var (shop, control) = (await LivePartnerAsync(), await LivePartnerAsync());
        await RaiseAsync(shop, "a", "a");
        var id = await RaiseAsync(control, "c", "c");
        await Database.RunAsync("UPDATE incidents.alerts SET labels = '{\"control\":\"true\"}' WHERE id = $1", id);
        await SettleAsync();
        Assert.Equal(2, await Gather());
    }

    [Fact]
    public async Task An_alert_that_another_one_inhibits_opens_nothing_until_that_is_over()
    {
        var shop = await LivePartnerAsync();
        await Database.Get<InhibitionStore>().EnterAsync(new(["alertname=\"Datacentre\""], ["alertname=~\"Purchases.*\""], ["partner"], "One cause"), Ana, Cancel);
        var cause = await RaiseAsync(shop, "dc", "dc");
        await Database.RunAsync("UPDATE incidents.alerts SET title = 'Datacentre' WHERE id = $1", cause);
        await RaiseAsync(shop, "b", "b");
        await SettleAsync();
        Assert.Equal("Datacentre", Assert.Single(await List.AfterAsync(new(Partner: shop.Slug), null, 9, Ana, Cancel)).Incident.Title);

        await ResolveAsync(cause);
        await SettleAsync();
        await Database.Clock.MoveAsync(TimeSpan.FromSeconds(31));
        await SettleAsync();
        Assert.Contains(await List.AfterAsync(new(Partner: shop.Slug, NotOver: true), null, 9, Ana, Cancel), i => i.Incident.Title == "Purchases failing: b");
    }

    [Fact]
    public async Task A_drill_pages_for_real_is_called_one_and_is_scored()
    {
        var shop = await LivePartnerAsync();
        var drills = Database.Get<DrillStore>();
        var drill = await drills.StartAsync(shop.Policy, Ana, Cancel);
        await Assert.ThrowsAsync<AlreadyTaken>(() => drills.StartAsync(shop.Policy, Ana, Cancel));
        await GoOnAsync();
        var page = Assert.Single((await SheetAsync(drill.Id)).Notifications);
        Assert.Contains("DRILL", page.Text.Title, StringComparison.Ordinal);
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(3));
        await Incidents.AcknowledgeAsync(drill.Id, Ana, Cancel);
        await Incidents.ResolveAsync(drill.Id, null, Ana, Cancel);
        var row = Assert.Single(await drills.ListAsync(shop.Policy, 10, Cancel));
        Assert.Equal((1, TimeSpan.FromMinutes(3), "ana@example.com"), (row.Steps, TimeSpan.FromMinutes(Math.Round(row.TakenAfter!.Value.TotalMinutes)), row.Incident.AcknowledgedBy));
    }

    private Task<int> Gather() => Database.Get<OnUsStore>().GatherAsync(Cancel);
}
