using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class TargetStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TargetTerms Peak = new("Calls per second at peak", Comparator.AtMost, "calls/s", Side.Ours);

    private TargetStore Targets => database.Get<TargetStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_figure_raises_a_mismatch_with_an_action_and_a_figure_that_fits_ends_both()
    {
        var partner = await PartnerAsync("li@example.com");
        var (review, integration) = (Guid.NewGuid(), partner.Integrations[0].Id);
        await TakeAsync(partner, Side.Ours, 120, review);
        Assert.Empty(await Targets.MismatchesAsync(integration, Cancel));
        await TakeAsync(partner, Side.Partner, 50, review, Peak with { Subject = "  calls PER second at   peak " });

        var target = Assert.Single(await Targets.MismatchesAsync(integration, Cancel));
        Assert.Equal((review, "peak-partner", "calls-per-second-at-peak"), (target.Theirs!.ReviewId, target.Theirs.ItemKey, target.Key));
        var action = Assert.Single(await OpenAsync(partner)).Item;
        Assert.Equal("Settle “Calls per second at peak”: We plan 120 calls/s, they accept at most 50 calls/s.", action.Text);
        Assert.Equal(("li@example.com", ActionCause.Mismatch, $"/partners/{partner.Slug}/targets#calls-per-second-at-peak"), (action.Owner, action.Source.Kind, action.Source.Url));

        await TakeAsync(partner, Side.Ours, 90, review);
        Assert.Contains("We plan 90", Assert.Single(await OpenAsync(partner)).Item.Text, StringComparison.Ordinal);
        await TakeAsync(partner, Side.Ours, 40, review);
        Assert.Empty(await OpenAsync(partner));
        Assert.Empty(await Targets.MismatchesAsync(integration, Cancel));
        Assert.Equal("Both figures fit now: ours 40 calls/s, theirs 50 calls/s.", await database.AskAsync<string>("SELECT evidence FROM actions.actions WHERE id = $1", action.Id));
    }

    [Fact]
    public async Task Both_sides_that_answer_at_once_make_one_target_and_one_action()
    {
        var partner = await PartnerAsync(null);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => TakeAsync(partner, n % 2 == 0 ? Side.Ours : Side.Partner, n % 2 == 0 ? 120 : 50, Guid.NewGuid())));
        Assert.True(Assert.Single(await Targets.ListAsync(partner.Slug, null, Cancel)).Target.IsMismatch);
        Assert.Single(await OpenAsync(partner));
    }

    [Fact]
    public async Task An_answer_without_a_figure_makes_no_target_and_takes_only_its_own_figure_away()
    {
        var partner = await PartnerAsync(null);
        await TakeAsync(partner, Side.Ours, null, Guid.NewGuid());
        Assert.Empty(await Targets.ListAsync(partner.Slug, null, Cancel));
        var review = Guid.NewGuid();
        await TakeAsync(partner, null, 70, review);
        await TakeAsync(partner, null, null, Guid.NewGuid());
        Assert.Equal(70m, Assert.Single(await Targets.ListAsync(partner.Slug, null, Cancel)).Target.Ours!.Value);
        await TakeAsync(partner, Side.Ours, null, review);
        var target = Assert.Single(await Targets.ListAsync(partner.Slug, null, Cancel)).Target;
        Assert.Equal((null, 70m), (target.Ours, target.Theirs!.Value));
    }

    [Fact]
    public async Task What_a_person_enters_is_checked_for_a_mismatch_in_the_same_way_and_removing_drops_the_action()
    {
        var partner = await PartnerAsync(null);
        var row = await Targets.EnterAsync(partner.Slug, "main", new("p99 of purchases", "at most", "ms", "partner", Ours: 400, Theirs: 500), TestDatabase.Ana, Cancel);
        Assert.Single(await OpenAsync(partner));
        await Assert.ThrowsAsync<AlreadyTaken>(() => Targets.EnterAsync(partner.Slug, "main", new("P99 of  purchases"), TestDatabase.Ana, Cancel));

        await Targets.RemoveAsync(partner.Slug, "main", row.Target.Key, TestDatabase.Ana, Cancel);
        Assert.Empty(await OpenAsync(partner));
        Assert.Equal(1, await database.AskAsync<long>("SELECT count(*) FROM actions.actions WHERE partner_id = $1 AND state = 'dropped'", partner.Id));
        await Assert.ThrowsAsync<NotThere>(() => Targets.GetAsync(partner.Slug, "main", row.Target.Key, Cancel));
    }

    [Fact]
    public async Task A_computed_value_never_gets_into_the_way_of_a_person_who_edits()
    {
        var partner = await PartnerAsync(null);
        var row = await Targets.EnterAsync(partner.Slug, "main", new("Calls", "<=", "calls/s", "ours", Theirs: 50, Query: "calls"), TestDatabase.Ana, Cancel);
        var readings = database.Get<TargetReadingStore>();
        var before = await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE subject_id = $1", row.Target.Id);
        await readings.KeepAsync(row.Target, new(40, database.Clock.GetUtcNow()), true, Cancel);
        Assert.Equal(TargetState.Met, (await Targets.GetAsync(partner.Slug, "main", "calls", Cancel)).StateAt(database.Clock.GetUtcNow()));
        Assert.Equal(before, await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE subject_id = $1", row.Target.Id));

        var changed = await Targets.ChangeAsync(partner.Slug, "main", "calls", new(Query: "other"), row.Target.Version, TestDatabase.Ana, Cancel);
        await readings.KeepAsync(row.Target, new(40, database.Clock.GetUtcNow()), true, Cancel);
        Assert.Null((await Targets.GetAsync(partner.Slug, "main", "calls", Cancel)).Target.Observation);
        var stale = await Assert.ThrowsAsync<ChangedMeanwhile>(() => Targets.ChangeAsync(partner.Slug, "main", "calls", new(Unit: "x"), row.Target.Version, TestDatabase.Ana, Cancel));
        Assert.Equal(changed.Target.Version, Assert.IsType<TargetRow>(stale.Current).Target.Version);
    }

    [Fact]
    public async Task What_a_person_proves_stands_in_the_audit_log_with_its_evidence_and_gets_stale()
    {
        var partner = await PartnerAsync(null);
        var row = await Targets.EnterAsync(partner.Slug, "main", new("Restore of a backup", "<=", "h", "partner", Theirs: 4, StaleAfterDays: 30), TestDatabase.Ana, Cancel);
        var proved = await Targets.ProveAsync(partner.Slug, "main", row.Target.Key, 3, null, "drill of 2 March", TestDatabase.Ana, Cancel);
        var now = database.Clock.GetUtcNow();
        Assert.Equal((TargetState.Met, TargetState.Stale), (proved.StateAt(now), proved.StateAt(now.AddDays(31))));
        Assert.Contains("drill of 2 March", await database.AskAsync<string>("SELECT after::text FROM audit.entries WHERE subject_id = $1 AND action = 'changed'", row.Target.Id), StringComparison.Ordinal);
    }

    // What the review's store does inside its own transaction.
    private async Task TakeAsync(Partner partner, Side? side, decimal? figure, Guid review, TargetTerms? terms = null)
    {
        await using var db = await database.Get<IDbContextFactory<PortalContext>>().CreateDbContextAsync(Cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await TargetFigures.TakeFigureAsync(
            db, (partner.Id, partner.Integrations[0].Id), terms ?? Peak, side, figure, review, side == Side.Partner ? "peak-partner" : "peak", "ana@example.com", database.Clock.GetUtcNow(), Cancel);
        await db.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
    }

    private async Task<IReadOnlyList<ActionRow>> OpenAsync(Partner partner) =>
        (await database.Get<ActionListStore>().PageAsync(new(Partner: partner.Slug, State: ActionState.Open), 0, 10, TestDatabase.Ana, Cancel)).Rows;

    private async Task<Partner> PartnerAsync(string? owner)
    {
        var slug = "t" + Guid.NewGuid().ToString("N")[..12];
        return await database.Get<PartnerStore>().EnterAsync(new(Name: slug, Slug: slug, Owner: owner), null, TestDatabase.Ana, Cancel);
    }
}
