using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>An alert or a run that cannot be worked on stops no other, is tried again by itself, and does not stay silent.</summary>
public sealed class LeftAloneTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>
{
    [Fact]
    public async Task An_alert_that_cannot_open_its_incident_stops_no_other_and_is_settled_once_it_can()
    {
        var shop = await LivePartnerAsync();
        var (bad, good) = (await RaiseAsync(shop, "bad", "bad"), await RaiseAsync(shop, "good", "good"));
        await Database.RunAsync("ALTER TABLE incidents.incidents ADD CONSTRAINT no_bad CHECK (\"group\" <> 'bad') NOT VALID");
        var said = await Assert.ThrowsAsync<InvalidOperationException>(SettleAsync);
        Assert.Contains("left alone for a minute", said.Message, StringComparison.Ordinal);
        Assert.Equal((false, true), (await IsSettledAsync(bad), await IsSettledAsync(good)));

        await RaiseAsync(shop, "later", "later");
        Assert.Equal(1, await SettleAsync());
        await Database.RunAsync("ALTER TABLE incidents.incidents DROP CONSTRAINT no_bad");
        Assert.Equal(0, await SettleAsync());
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await SettleAsync());
        Assert.True(await IsSettledAsync(bad));
    }

    [Fact]
    public async Task A_run_that_cannot_go_on_stops_no_other()
    {
        var shop = await LivePartnerAsync();
        await RaiseAsync(shop, "first", "first");
        await RaiseAsync(shop, "second", "second");
        await SettleAsync();
        var first = await Database.AskAsync<Guid>("SELECT id FROM incidents.incidents WHERE \"group\" = 'first'");
        await Database.RunAsync($"ALTER TABLE escalation.notifications ADD CONSTRAINT no_first CHECK (incident_id <> '{first}')");
        await Assert.ThrowsAsync<InvalidOperationException>(GoOnAsync);
        Assert.Equal(1, await StepsAsync());
        await Database.RunAsync("ALTER TABLE escalation.notifications DROP CONSTRAINT no_first");
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        await GoOnAsync();
        Assert.Equal(2, await StepsAsync());
    }

    private Task<bool> IsSettledAsync(Guid alert) => Database.AskAsync<bool>("SELECT settled FROM incidents.alerts WHERE id = $1", alert);

    private Task<long> StepsAsync() => Database.AskAsync<long>("SELECT count(*) FROM escalation.steps s JOIN incidents.incidents i ON i.id = s.incident_id WHERE i.\"group\" IN ('first', 'second') AND s.turn = 1");
}
