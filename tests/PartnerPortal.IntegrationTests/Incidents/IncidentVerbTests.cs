using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>What people do with an incident, at once and one after the other, and who may open it by a link.</summary>
public sealed class IncidentVerbTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Two_who_take_it_in_the_same_moment_have_one_winner_and_both_stand_in_the_timeline()
    {
        var id = (await DeclareAsync()).Id;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Incidents.AcknowledgeAsync(id, n % 2 == 0 ? Ana : Li, Cancel)));

        var sheet = await SheetAsync(id);
        Assert.Contains(sheet.Row.Incident.AcknowledgedBy, new[] { Ana.Name, Li.Name });
        Assert.Equal(8, sheet.Timeline.Count(e => e.Kind == EntryKind.Acknowledged));
        Assert.Equal(1, sheet.Timeline.Count(e => e.What.EndsWith("com has it.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_declared_pages_at_once_and_what_need_not_page_waits_for_the_owner()
    {
        var shop = await LivePartnerAsync();
        var loud = await Database.Get<DeclareStore>().DeclareAsync(new(shop.Slug, WhatUsersSee: "cannot buy"), Li, Cancel);
        await GoOnAsync();
        Assert.Equal(("cannot buy", Severity.Critical), (loud.Title, loud.Severity));
        Assert.Equal(["ana@example.com mail"], await SentAsync(loud.Id, "page"));

        var quiet = await Database.Get<DeclareStore>().DeclareAsync(new(shop.Slug, Title: "typo in their mails", Page: false), Li, Cancel);
        await GoOnAsync();
        Assert.Empty(await SentAsync(quiet.Id, "page"));
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() => Database.Get<DeclareStore>().DeclareAsync(new("nobody", Severity: "awful"), Li, Cancel));
        Assert.Equal(["severity", "title"], refused.Errors.Keys.Order());
    }

    [Fact]
    public async Task A_quiet_time_ends_also_where_nobody_is_paged()
    {
        var quiet = await Database.Get<DeclareStore>().DeclareAsync(new(Title: "typo in their mails", Page: false), Li, Cancel);
        await Incidents.SnoozeAsync(quiet.Id, Database.Clock.GetUtcNow().AddHours(1), Li, Cancel);
        await Opening.WakeAsync(Cancel);
        Assert.Equal(IncidentState.Snoozed, (await SheetAsync(quiet.Id)).Row.Incident.State);
        await Database.Clock.MoveAsync(TimeSpan.FromHours(1));
        await Opening.WakeAsync(Cancel);
        var sheet = await SheetAsync(quiet.Id);
        Assert.Equal((IncidentState.Open, EntryKind.SnoozeOver), (sheet.Row.Incident.State, sheet.Timeline[^1].Kind));
    }

    [Fact]
    public async Task Links_of_a_closed_account_open_nothing()
    {
        Assert.True(await List.MayOpenAsync("never.seen@example.com", Cancel));
        await Database.RunAsync(
            """
            INSERT INTO access.people (id, user_name, normalized_user_name, email, normalized_email, email_confirmed, display_name, role, disabled_at, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, last_code_step, created_at)
            VALUES ($1, 'gone@example.com', 'GONE@EXAMPLE.COM', 'gone@example.com', 'GONE@EXAMPLE.COM', true, 'Gone', 'operator', portal.now(), false, false, false, 0, 0, portal.now())
            """, Guid.NewGuid());
        Assert.False(await List.MayOpenAsync("Gone@example.com", Cancel));
    }

    [Fact]
    public async Task MergedIncidents_go_on_as_one_and_two_that_are_merged_into_each_other_do_not_wait_for_each_other()
    {
        var (one, other) = (await DeclareAsync(), await DeclareAsync());
        var tries = await Task.WhenAll(TryAsync(() => Incidents.MergeAsync(one.Id, other.Id, Ana, Cancel)), TryAsync(() => Incidents.MergeAsync(other.Id, one.Id, Li, Cancel)));
        Assert.Single(tries, t => t);

        var merged = (await SheetAsync(one.Id)).Row.Incident.MergedInto is null ? other : one;
        var into = merged.Id == one.Id ? other : one;
        Assert.Equal(merged.Id, Assert.Single((await SheetAsync(into.Id)).Merged).Incident.Id);
        Assert.Equal(merged.Id, await List.FindAsync(merged.Label, Ana, Cancel));
    }

    [Fact]
    public async Task Mine_is_what_I_have_or_was_asked_to_help_with()
    {
        var (own, helped) = (await DeclareAsync(), await DeclareAsync());
        var eva = new Actor(Guid.NewGuid(), "eva@example.com", Role.Operator);
        await Incidents.AcknowledgeAsync(own.Id, eva, Cancel);
        await Incidents.AddResponderAsync(helped.Id, "Eva@example.com", Ana, Cancel);
        Assert.Equal([.. new[] { helped.Id, own.Id }.Order()], (await List.AfterAsync(new(Mine: eva.Name), null, 10, Ana, Cancel)).Select(r => r.Incident.Id).Order());
        Assert.Equal(["eva@example.com mail"], await SentAsync(helped.Id, "page"));
    }

    [Fact]
    public void A_link_opens_one_incident_for_one_person_until_it_ends()
    {
        var (links, id, now) = (Database.Get<IncidentLinks>(), Guid.NewGuid(), DateTimeOffset.UnixEpoch.AddYears(56));
        var text = links.Make(id, "ana@example.com", now.AddHours(1));
        Assert.Equal(new IncidentLink(id, "ana@example.com", now.AddHours(1)), links.Read(text, now));
        Assert.Null(links.Read(text, now.AddHours(1)));
        Assert.All(Enumerable.Range(0, text.Length), n => Assert.Null(links.Read(string.Concat(text.AsSpan(0, n), text[n] == 'A' ? "B" : "A", text.AsSpan(n + 1)), now)));
        Assert.All(new[] { "", "x", "====", new string('A', 5000) }, bad => Assert.Null(links.Read(bad, now)));
    }
}
