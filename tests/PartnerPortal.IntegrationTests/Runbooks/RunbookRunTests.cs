using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Runbooks;
using PartnerPortal.IntegrationTests.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Runbooks;

/// <summary>Runbooks that are followed in incidents: by several people at once, from a frozen copy, on the timeline.</summary>
public sealed class RunbookRunTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>
{
    private const string Text = "# Shop fails\n\n- [ ] look\n- [ ] call\n- [ ] switch\n";

    private RunbookRunStore Followed => Database.Get<RunbookRunStore>();

    private RunbookStore Books => Database.Get<RunbookStore>();

    [Fact]
    public async Task A_double_click_starts_one_run_and_of_two_who_settle_a_step_at_once_the_first_wins()
    {
        var (_, incident) = await SceneAsync();
        var starts = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Followed.StartAsync(incident, "shop-fails", n % 2 == 0 ? Ana : Li, Cancel)));
        Assert.Single(starts, s => s.Began);
        var run = Assert.Single(starts.Select(s => s.Id).Distinct());

        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => TryAsync(() => Followed.SetAsync(run, "1", n % 2 == 0 ? "done" : "failed", "no", n % 2 == 0 ? Ana : Li, Cancel))));
        Assert.Equal(3, tries.Count(t => t));
        var standing = (await Followed.GetAsync(run, Li, Cancel)).Run.StandingOf("1")!;
        var lines = (await SheetAsync(incident)).Timeline.Where(e => e.Kind == EntryKind.Runbook).ToList();
        Assert.Equal([$"{lines[0].By} started “Shop fails”, version 1: 3 steps.", $"{standing.By} {(standing.State == StepState.Done ? "did" : "could not do")} step 1 of “Shop fails”: look — no"], lines.Select(l => l.What));
        Assert.True(await Database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE subject_id = $1", run) >= 2);
    }

    [Fact]
    public async Task An_edit_never_touches_a_run_and_the_run_says_so()
    {
        var (shop, incident) = await SceneAsync();
        var run = (await Followed.StartAsync(incident, "shop-fails", Ana, Cancel)).Id;
        await Books.WriteAsync(shop, "shop-fails", new(Text: "# Shop fails\n\n- [ ] all new\n"), null, Ana, Cancel);

        var row = await Followed.GetAsync(run, Ana, Cancel);
        Assert.Equal((true, 1, 2, Text), (row.EditedSince, row.Run.Number, row.Newest, row.Run.Text));
        Assert.Equal(["look", "call", "switch"], row.Run.Steps.Select(s => s.Title));
    }

    [Fact]
    public async Task Every_step_holds_the_acknowledgement_and_the_end_of_the_incident_ends_the_run()
    {
        var (_, incident) = await SceneAsync();
        await Incidents.AcknowledgeAsync(incident, Ana, Cancel);
        var run = (await Followed.StartAsync(incident, "shop-fails", Ana, Cancel)).Id;
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(20));
        await Followed.SetAsync(run, "1", "done", null, Ana, Cancel);
        var sheet = await SheetAsync(incident);
        Assert.Equal(Database.Clock.GetUtcNow() + Incident.UsualPatience, sheet.Row.Incident.AcknowledgedUntil);
        Assert.Equal(sheet.Row.Incident.AcknowledgedUntil, sheet.Run!.DueAt);

        await Incidents.ResolveAsync(incident, null, Ana, Cancel);
        var ended = (await Followed.GetAsync(run, Ana, Cancel)).Run;
        Assert.Equal((true, false, "1 of 3 done"), (ended.EndedAt is not null, ended.WentWell, ended.Sum));
        await Assert.ThrowsAsync<RuleBroken>(() => Followed.SetAsync(run, "2", "done", null, Ana, Cancel));
        await Assert.ThrowsAsync<RuleBroken>(() => Followed.StartAsync(incident, "shop-fails", Ana, Cancel));
    }

    [Fact]
    public async Task When_all_steps_are_settled_it_is_over_and_can_be_followed_again()
    {
        var (_, incident) = await SceneAsync();
        var run = (await Followed.StartAsync(incident, "shop-fails", Ana, Cancel)).Id;
        await Assert.ThrowsAsync<FieldsRefused>(() => Followed.SetAsync(run, "1", "skipped", "", Ana, Cancel));
        await Assert.ThrowsAsync<FieldsRefused>(() => Followed.SetAsync(run, "1", "perhaps", "", Ana, Cancel));
        await Followed.SetAsync(run, "1", "skipped", "green", Ana, Cancel);
        await Followed.SetAsync(run, "1", "to do", null, Li, Cancel);
        foreach (var key in new[] { "1", "2", "3" })
        {
            await Followed.SetAsync(run, key, "done", null, Li, Cancel);
        }

        Assert.True((await Followed.GetAsync(run, Ana, Cancel)).Run.WentWell);
        Assert.True((await Followed.StartAsync(incident, "shop-fails", Ana, Cancel)).Began);
        Assert.Equal(2, (await Followed.OfIncidentAsync(incident, Ana, Cancel)).Count);
        await Assert.ThrowsAsync<NotThere>(() => Followed.GetAsync(run, Ana with { PartnerId = Guid.NewGuid() }, Cancel));
        await Assert.ThrowsAsync<NotThere>(() => Followed.SetAsync(run, "1", "done", null, Ana with { PartnerId = Guid.NewGuid() }, Cancel));
    }

    [Fact]
    public async Task The_runbooks_of_the_partner_are_found_by_what_the_alerts_say()
    {
        var shop = await LivePartnerAsync();
        await Books.WriteAsync(shop.Slug, "everything", new(Text: "# Everything\n"), null, Ana, Cancel);
        await Books.WriteAsync(shop.Slug, "critical", new(Text: "---\nalerts: severity=critical\n---\n# Critical\n"), null, Ana, Cancel);
        await Books.WriteAsync(shop.Slug, "other", new(Text: "---\nintegration: payouts\n---\n# Other\n"), null, Ana, Cancel);
        var alert = await RaiseAsync(shop, "buy", "g" + shop.Slug);
        await SettleAsync();
        var incident = await Database.AskAsync<Guid>("SELECT incident_id FROM incidents.alerts WHERE id = $1", alert);
        Assert.Equal(["critical: because severity is critical", "everything: for everything of this partner"], (await SheetAsync(incident)).Runbooks.Select(r => $"{r.Slug}: {r.Reason}"));

        await Followed.StartAsync(incident, "critical", Ana, Cancel);
        await ResolveAsync(alert);
        await SettleAsync();
        Assert.NotNull(Assert.Single(await Followed.OfIncidentAsync(incident, Ana, Cancel)).Run.EndedAt);
    }

    private async Task<(string Shop, Guid Incident)> SceneAsync()
    {
        var shop = await LivePartnerAsync();
        await Books.WriteAsync(shop.Slug, "shop-fails", new(Text: Text), null, Ana, Cancel);
        return (shop.Slug, (await Database.Get<DeclareStore>().DeclareAsync(new(shop.Slug, WhatUsersSee: "cannot buy"), Ana, Cancel)).Id);
    }
}
