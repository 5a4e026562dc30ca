using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Actions;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Actions;

public sealed class ActionStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private ActionStore Actions => database.Get<ActionStore>();

    private ActionListStore Lists => database.Get<ActionListStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_overdue_comes_first_and_what_has_no_day_last()
    {
        var partner = await PartnerAsync(null);
        foreach (var due in new[] { null, "2026-05-01", "2026-02-01", "2026-03-01" })
        {
            await Actions.CreateAsync(partner, "main", new($"due {due}", Due: due), TestDatabase.Ana, Cancel);
        }

        var page = await Lists.PageAsync(new(Partner: partner), 0, 10, TestDatabase.Ana, Cancel);
        Assert.Equal(["due 2026-02-01", "due 2026-03-01", "due 2026-05-01", "due "], page.Rows.Select(r => r.Item.Text + (r.Item.Due is null ? " " : "")));
        Assert.Equal(4, page.Total);

        var paged = new List<string>();
        for (var last = (ActionRow?)null; ;)
        {
            if (await Lists.AfterAsync(new(Partner: partner), last?.Item.Due, last?.Item.Id, 1, TestDatabase.Ana, Cancel) is not [var next])
            {
                break;
            }

            paged.Add(next.Item.Text);
            last = next;
        }

        Assert.Equal(page.Rows.Select(r => r.Item.Text), paged);
    }

    [Fact]
    public async Task My_work_is_what_I_own_and_what_nobody_owns_at_partners_that_I_answer_for()
    {
        var (mine, other) = (await PartnerAsync("li@example.com"), await PartnerAsync("bo@example.com"));
        await Actions.CreateAsync(mine, "main", new("unowned of mine"), TestDatabase.Ana, Cancel);
        await Actions.CreateAsync(mine, "main", new("of Bo", "bo@example.com"), TestDatabase.Ana, Cancel);
        await Actions.CreateAsync(other, "main", new("unowned elsewhere"), TestDatabase.Ana, Cancel);
        await Actions.CreateAsync(other, "main", new("of Li", "li@example.com", "partner", "2026-01-01"), TestDatabase.Ana, Cancel);

        var page = await Lists.PageAsync(new(Mine: "li@example.com"), 0, 10, TestDatabase.Ana, Cancel);
        Assert.Equal(["of Li", "unowned of mine"], page.Rows.Select(r => r.Item.Text));
        Assert.Equal(new ActionCount(2, 0, 1), await Lists.CountAsync(new(Mine: "li@example.com"), TestDatabase.Ana, Cancel));

        await database.Get<PartnerStore>().ArchiveAsync(other, TestDatabase.Ana, Cancel);
        Assert.Equal(["unowned of mine"], (await Lists.PageAsync(new(Mine: "li@example.com"), 0, 10, TestDatabase.Ana, Cancel)).Rows.Select(r => r.Item.Text));
        await Assert.ThrowsAsync<RuleBroken>(() => Actions.CreateAsync(other, "main", new("late"), TestDatabase.Ana, Cancel));
    }

    [Fact]
    public async Task Two_who_change_the_same_version_cannot_both_save()
    {
        var row = await Actions.CreateAsync(await PartnerAsync(null), "main", new("Send the keys"), TestDatabase.Ana, Cancel);
        await Actions.ChangeAsync(row.Item.Id, new(Owner: "li@example.com"), row.Item.Version, TestDatabase.Ana, Cancel);
        var stale = await Assert.ThrowsAsync<ChangedMeanwhile>(() => Actions.ChangeAsync(row.Item.Id, new(Text: "Mine"), row.Item.Version, TestDatabase.Ana, Cancel));
        Assert.Equal("li@example.com", Assert.IsType<ActionRow>(stale.Current).Item.Owner);
    }

    [Fact]
    public async Task Every_step_of_an_action_stands_in_the_audit_log_of_its_partner()
    {
        var row = await Actions.CreateAsync(await PartnerAsync(null), "main", new("Send the keys"), TestDatabase.Ana, Cancel);
        await Actions.FinishAsync(row.Item.Id, "sent", TestDatabase.Ana, Cancel);
        await Actions.ReopenAsync(row.Item.Id, TestDatabase.Ana, Cancel);
        await Actions.DropAsync(row.Item.Id, "not needed", TestDatabase.Ana, Cancel);
        Assert.Equal(4, await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE kind = 'action' AND subject_id = $1 AND partner_id = $2", row.Item.Id, row.Item.PartnerId));
    }

    [Fact]
    public async Task Of_one_cause_found_by_many_at_once_there_is_one_open_action_and_after_its_end_another()
    {
        var row = await Actions.CreateAsync(await PartnerAsync(null), "main", new("any"), TestDatabase.Ana, Cancel);
        var cause = new ActionSource(ActionCause.Condition, Guid.NewGuid().ToString(), "A review");

        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EnsureAsync(row.Item, cause)));
        Assert.Single(ids.Distinct());
        await Actions.FinishAsync(ids[0], "done", TestDatabase.Ana, Cancel);
        var next = await EnsureAsync(row.Item, cause);
        Assert.NotEqual(ids[0], next);
        await Assert.ThrowsAsync<AlreadyTaken>(() => Actions.ReopenAsync(ids[0], TestDatabase.Ana, Cancel));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_open_action_of_a_cause()
    {
        var row = await Actions.CreateAsync(await PartnerAsync(null), "main", new("any"), TestDatabase.Ana, Cancel);
        await EnsureAsync(row.Item, new ActionSource(ActionCause.Condition, "twice"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.RunAsync(
            """
            INSERT INTO actions.actions (id, partner_id, integration_id, text, side, source, source_key, state, evidence, created_by, created_at)
            SELECT gen_random_uuid(), partner_id, integration_id, text, side, source, source_key, state, evidence, created_by, created_at FROM actions.actions WHERE source_key = 'condition:twice'
            """));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    [Fact]
    public async Task Who_is_bound_to_another_partner_finds_nothing()
    {
        var row = await Actions.CreateAsync(await PartnerAsync(null), "main", new("any"), TestDatabase.Ana, Cancel);
        var bound = new Actor(Guid.NewGuid(), "li@example.com", Role.Engineer, PartnerId: Guid.NewGuid());
        await Assert.ThrowsAsync<NotThere>(() => Actions.GetAsync(row.Item.Id, bound, Cancel));
        await Assert.ThrowsAsync<NotThere>(() => Actions.FinishAsync(row.Item.Id, "done", bound, Cancel));
        Assert.Empty((await Lists.PageAsync(new(), 0, 10, bound, Cancel)).Rows);
    }

    [Fact]
    public async Task Search_finds_open_actions_and_no_others()
    {
        var row = await Actions.CreateAsync(await PartnerAsync(null), "main", new("Rotate the zebra certificate"), TestDatabase.Ana, Cancel);
        var found = Assert.Single(await database.Get<SearchStore>().FindAsync("zebra cert", 10, TestDatabase.Ana, Cancel));
        Assert.Equal(("action", $"/actions/{row.Item.Id}"), (found.Kind, found.Url));
        await Actions.FinishAsync(row.Item.Id, "done", TestDatabase.Ana, Cancel);
        Assert.Empty(await database.Get<SearchStore>().FindAsync("zebra cert", 10, TestDatabase.Ana, Cancel));
    }

    // What another store of the Data project does inside its own transaction.
    private async Task<Guid> EnsureAsync(ActionItem like, ActionSource cause)
    {
        await using var db = await database.Get<IDbContextFactory<PortalContext>>().CreateDbContextAsync(Cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        var item = await ActionStore.EnsureAsync(db, like.PartnerId, like.IntegrationId, ActionDraft.Of("Settle it", null), cause, "portal", database.Clock.GetUtcNow(), Cancel);
        await db.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        return item.Id;
    }

    private async Task<string> PartnerAsync(string? owner)
    {
        var slug = "a" + Guid.NewGuid().ToString("N")[..12];
        await database.Get<PartnerStore>().EnterAsync(new(Name: slug, Slug: slug, Owner: owner), null, TestDatabase.Ana, Cancel);
        return slug;
    }
}
