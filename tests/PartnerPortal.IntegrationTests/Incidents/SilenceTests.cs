using PartnerPortal.Data.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Incidents;

public sealed class SilenceTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>
{
    private SilenceStore Silences => Database.Get<SilenceStore>();

    [Fact]
    public async Task It_holds_back_the_opening_and_what_still_fires_at_its_end_opens_then()
    {
        var shop = await LivePartnerAsync();
        var silence = await Silences.EnterAsync(new(shop.Slug, ["severity=\"critical\""], EndsAt: Database.Clock.GetUtcNow().AddHours(1), Comment: "planned"), Ana, Cancel);
        var (lasting, passing) = (await RaiseAsync(shop, "a", shop.Slug + " a"), await RaiseAsync(shop, "b", shop.Slug + " b"));
        await SettleAsync();
        Assert.Equal(0, await CountAsync(shop));
        Assert.Equal(2, (await Silences.ListAsync(Cancel)).Single(s => s.Silence.Id == silence.Silence.Id).Held);
        Assert.Contains("by a silence: planned", (await Database.Get<AlertStore>().GetAsync(lasting, Ana, Cancel)).Alert.History[^1].What, StringComparison.Ordinal);

        await ResolveAsync(passing);
        await SettleAsync();
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(61));
        await SettleAsync();
        Assert.Equal(1, await CountAsync(shop));
        Assert.Equal(1, await Database.AskAsync<long>("SELECT count(*) FROM incidents.alerts WHERE id = $1 AND incident_id IS NOT NULL AND held_until IS NULL AND settled", lasting));
        Assert.Equal(1, await Database.AskAsync<long>("SELECT count(*) FROM incidents.alerts WHERE id = $1 AND incident_id IS NULL AND settled", passing));
    }

    [Fact]
    public async Task An_open_incident_takes_alerts_and_ends_all_the_same()
    {
        var shop = await LivePartnerAsync();
        var first = await RaiseAsync(shop, "a", shop.Slug);
        await SettleAsync();
        await Silences.EnterAsync(new(shop.Slug, EndsAt: Database.Clock.GetUtcNow().AddHours(1)), Ana, Cancel);
        var second = await RaiseAsync(shop, "b", shop.Slug);
        await SettleAsync();
        Assert.Equal(2, await Database.AskAsync<long>("SELECT count(*) FROM incidents.alerts WHERE partner_id = $1 AND incident_id IS NOT NULL", shop.Id));
        await ResolveAsync(first);
        await ResolveAsync(second);
        await SettleAsync();
        Assert.Equal(1, await Database.AskAsync<long>("SELECT count(*) FROM incidents.incidents WHERE partner_id = $1 AND resolved_at IS NOT NULL", shop.Id));
    }

    [Fact]
    public async Task Ended_early_it_opens_what_it_held_back()
    {
        var shop = await LivePartnerAsync();
        var silence = await Silences.EnterAsync(new(shop.Slug, EndsAt: Database.Clock.GetUtcNow().AddDays(1)), Ana, Cancel);
        await RaiseAsync(shop, "a", shop.Slug);
        await SettleAsync();
        Assert.Equal(0, await CountAsync(shop));
        await Silences.EndAsync(silence.Silence.Id, Ana, Cancel);
        await SettleAsync();
        Assert.Equal(1, await CountAsync(shop));
        Assert.DoesNotContain(await Silences.ListAsync(Cancel), s => s.Silence.Id == silence.Silence.Id);
    }

    private Task<long> CountAsync((string Slug, Guid Id, Guid Integration, string Policy) shop) =>
        Database.AskAsync<long>("SELECT count(*) FROM incidents.incidents WHERE partner_id = $1", shop.Id);
}
