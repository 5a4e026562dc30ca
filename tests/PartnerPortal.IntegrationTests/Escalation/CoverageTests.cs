using PartnerPortal.Data.Communications;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain;
using PartnerPortal.IntegrationTests.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Escalation;

/// <summary>Shifts in calendars, gaps over everything, maintenance that was announced.</summary>
public sealed class CoverageTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_feed_shows_ones_own_shifts_under_names_that_stay_and_ends_when_it_is_revoked()
    {
        var slug = await ScheduleAsync();
        var feeds = Database.Get<ShiftFeedStore>();
        var (feed, secret) = await feeds.MakeAsync(null, Ana, Cancel);
        var before = (await feeds.ReadAsync(secret, Cancel)).Where(s => s.Schedule == slug).ToList();
        Assert.True(before.Count > 5);
        Assert.All(before, s => Assert.Equal("ana@example.com", s.Person));
        // Li takes the end of one shift: the same shift, now shorter.
        var shift = before.First(s => s.From > Database.Clock.GetUtcNow());
        await Database.Get<ScheduleStore>().OverrideAsync(slug, new("replace", shift.To.AddHours(-2), shift.To, "ana@example.com", "li@example.com"), Ana, Cancel);
        var after = (await feeds.ReadAsync(secret, Cancel)).Where(s => s.Schedule == slug).ToList();
        Assert.Equal(before.Select(s => s.Uid), after.Select(s => s.Uid));
        Assert.Equal(shift.To.AddHours(-2), after.Single(s => s.Uid == shift.Uid).To);

        Assert.Equal(secret.Length, "ppf_".Length + 48);
        Assert.Equal(0L, await Database.AskAsync<long>("SELECT count(*) FROM escalation.shift_feeds f WHERE f::text LIKE '%' || $1 || '%'", secret));
        await Assert.ThrowsAsync<NotThere>(() => feeds.RevokeAsync(feed.Id, Li, Cancel));
        await feeds.RevokeAsync(feed.Id, Ana, Cancel);
        await Assert.ThrowsAsync<NotThere>(() => feeds.ReadAsync(secret, Cancel));
    }

    [Fact]
    public async Task Coverage_names_who_is_called_for_every_integration_and_the_gaps_of_every_schedule()
    {
        var slug = await ScheduleAsync("mon-fri 09:00-17:00");
        var shop = await LivePartnerAsync();
        var coverage = await Database.Get<CoverageStore>().ReadAsync(Database.Clock.GetUtcNow(), Cancel);
        var row = Assert.Single(coverage.Integrations, r => r.Partner == shop.Slug);
        Assert.Equal(["ana@example.com", "li@example.com"], row.Plan.Calls.Select(c => c.Who.Key));
        Assert.True(coverage.Gaps.Count(g => g.Schedule.Slug == slug) >= 60);
        Assert.Equal(coverage.Gaps.OrderBy(g => g.Span.From), coverage.Gaps);
    }

    [Fact]
    public async Task An_announced_maintenance_holds_back_what_it_names_and_stands_on_the_incident()
    {
        var shop = await LivePartnerAsync();
        var store = Database.Get<MaintenanceStore>();
        var now = Database.Clock.GetUtcNow();
        var window = await store.EnterAsync(shop.Slug, new(null, now, now.AddHours(2), ["buy", "re.fund"], "Payments may fail"), Ana, Cancel);
        var named = await RaiseAsync(shop, "a", "a");
        await Database.RunAsync("UPDATE incidents.alerts SET labels = '{\"operation\":\"re.fund\"}' WHERE id = $1", named);
        var other = await RaiseAsync(shop, "b", "b");
        await Database.RunAsync("UPDATE incidents.alerts SET labels = '{\"operation\":\"reXfund\"}' WHERE id = $1", other);
        await SettleAsync();
        var open = Assert.Single(await List.AfterAsync(new(Partner: shop.Slug), null, 9, Ana, Cancel)).Incident;
        Assert.Equal("Purchases failing: b", open.Title);
        Assert.Equal("Payments may fail", (await SheetAsync(open.Id)).Maintenance!.Impact);

        await store.CallOffAsync(shop.Slug, window.Window.Id, Ana, Cancel);
        await SettleAsync();
        Assert.Equal(2, (await List.AfterAsync(new(Partner: shop.Slug), null, 9, Ana, Cancel)).Count);
        await Assert.ThrowsAsync<FieldsRefused>(() => store.EnterAsync(shop.Slug, new(null, now, now.AddHours(-1), null, "x"), Ana, Cancel));
        await Assert.ThrowsAsync<FieldsRefused>(() => store.EnterAsync(shop.Slug, new("nothing", now, now.AddHours(1), null, "x"), Ana, Cancel));
    }

    private async Task<string> ScheduleAsync(string? hours = null)
    {
        var slug = "ops" + Guid.NewGuid().ToString("N")[..8];
        await Database.Get<ScheduleStore>().SaveAsync(
            slug, new(Name: slug, TimeZone: "Europe/Berlin", Layers: [new(Rotation: "daily", Every: 1, Handover: "2026-01-05T09:00", People: ["ana@example.com", "li@example.com"], Hours: hours)]), null, Ana, Cancel);
        return slug;
    }
}
