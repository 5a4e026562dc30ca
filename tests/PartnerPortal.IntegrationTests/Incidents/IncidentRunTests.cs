using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>From an alert to the right person, with a clock that the test moves.</summary>
public sealed class IncidentRunTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Actor Ana = TestDatabase.Ana;
    private static readonly Actor Li = new(Guid.NewGuid(), "li@example.com", Role.Operator);
    private readonly IncidentOpenStore _opening = database.Get<IncidentOpenStore>();
    private readonly IncidentStore _incidents = database.Get<IncidentStore>();
    private readonly IncidentListStore _list = database.Get<IncidentListStore>();
    private readonly RunStore _runs = database.Get<RunStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_opens_one_incident_its_repeats_join_and_its_end_resolves_it()
    {
        var shop = await LivePartnerAsync();
        var alert = await RaiseAsync(shop, "errors", "shop");
        await RaiseAsync(shop, "latency", "shop");
        await RaiseAsync(shop, "queue", "other");
        Assert.Equal(3, await SettleAsync());

        var open = await _list.AfterAsync(new(Partner: shop.Slug, NotOver: true), null, 10, Ana, Cancel);
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
        var id = (await _list.AfterAsync(new(Partner: shop.Slug), null, 1, Ana, Cancel))[0].Incident.Id;
        await MarkSentAsync(id);
        await ResolveAsync(alert);
        await SettleAsync();
        Assert.Equal(["ana@example.com mail"], await SentAsync(id, "resolved"));

        await database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        var again = await RaiseAsync(shop, "errors", "shop");
        await SettleAsync();
        await GoOnAsync();
        var second = (await _list.AfterAsync(new(Partner: shop.Slug), null, 1, Ana, Cancel))[0].Incident.Id;
        Assert.NotEqual(id, second);
        await ResolveAsync(again);
        await SettleAsync();
        Assert.Empty(await SentAsync(second, "resolved"));
        Assert.Equal(1L, await database.AskAsync<long>("SELECT count(*) FROM escalation.notifications WHERE incident_id = $1 AND state = 'dropped'", second));
    }

    [Fact]
    public async Task Steps_follow_the_frozen_policy_until_somebody_takes_it_and_begin_anew_when_nobody_acts()
    {
        var shop = await LivePartnerAsync();
        await RaiseAsync(shop, "errors", "shop");
        await SettleAsync();
        await GoOnAsync();
        await database.Get<PolicyStore>().SaveAsync(shop.Policy, new(Steps: [new("0s", [new(Person: "bo@example.com")])]), null, Ana, Cancel);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(14));
        await GoOnAsync();
        var id = (await _list.AfterAsync(new(Partner: shop.Slug), null, 1, Ana, Cancel))[0].Incident.Id;
        Assert.Equal(["ana@example.com mail"], await SentAsync(id, "page"));
        Assert.True((await SheetAsync(id)).PolicyEdited);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        await GoOnAsync();
        Assert.Equal(["ana@example.com mail", "li@example.com mail"], await SentAsync(id, "page"));

        await MarkSentAsync(id);
        var taken = await _incidents.AcknowledgeAsync(id, Li, Cancel);
        Assert.Equal(database.Clock.GetUtcNow().AddMinutes(30), taken.AcknowledgedUntil);
        Assert.Equal(["ana@example.com mail"], await SentAsync(id, "acknowledged"));
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(20));
        await _incidents.NoteAsync(id, "called them", Li, Cancel);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(29));
        await GoOnAsync();
        Assert.Equal(IncidentState.Acknowledged, (await SheetAsync(id)).Row.Incident.State);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(1));
        await GoOnAsync();
        var sheet = await SheetAsync(id);
        Assert.Equal(IncidentState.Open, sheet.Row.Incident.State);
        Assert.Equal(3, sheet.Steps.Count);
        Assert.Equal(["night ana@example.com", "night li@example.com", "night ana@example.com"], sheet.Steps.Select(s => $"{s.Policy[..5]} {s.Calls.Single().Key}"));

        await _incidents.UseCurrentPolicyAsync(id, Li, Cancel);
        await GoOnAsync();
        Assert.Equal("bo@example.com", (await SheetAsync(id)).Steps[^1].Calls.Single().Key);
    }

    [Fact]
    public async Task Two_who_take_it_in_the_same_moment_have_one_winner_and_both_stand_in_the_timeline()
    {
        var id = (await DeclareAsync()).Id;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => _incidents.AcknowledgeAsync(id, n % 2 == 0 ? Ana : Li, Cancel)));

        var sheet = await SheetAsync(id);
        Assert.Contains(sheet.Row.Incident.AcknowledgedBy, new[] { Ana.Name, Li.Name });
        Assert.Equal(8, sheet.Timeline.Count(e => e.Kind == EntryKind.Acknowledged));
        Assert.Equal(1, sheet.Timeline.Count(e => e.What.EndsWith("com has it.", StringComparison.Ordinal)));
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
            while (await _opening.SettleAsync(7, Cancel) > 0 || await _runs.CarryOutDueAsync(3, Cancel) > 0)
            {
            }
        }));
        await SettleAsync();
        await GoOnAsync();

        Assert.Equal(40, await _list.CountAsync(new(Partner: shop.Slug), Ana, Cancel));
        Assert.Equal(40L, await database.AskAsync<long>(
            "SELECT count(*) FROM escalation.steps s JOIN incidents.incidents i ON i.id = s.incident_id JOIN partners.partners p ON p.id = i.partner_id WHERE p.slug = $1 AND s.turn = 1", shop.Slug));
    }

    [Fact]
    public async Task What_is_declared_pages_at_once_and_what_need_not_page_waits_for_the_owner()
    {
        var shop = await LivePartnerAsync();
        var loud = await database.Get<DeclareStore>().DeclareAsync(new(shop.Slug, WhatUsersSee: "cannot buy"), Li, Cancel);
        await GoOnAsync();
        Assert.Equal(("cannot buy", Severity.Critical), (loud.Title, loud.Severity));
        Assert.Equal(["ana@example.com mail"], await SentAsync(loud.Id, "page"));

        var quiet = await database.Get<DeclareStore>().DeclareAsync(new(shop.Slug, Title: "typo in their mails", Page: false), Li, Cancel);
        await GoOnAsync();
        Assert.Empty(await SentAsync(quiet.Id, "page"));
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() => database.Get<DeclareStore>().DeclareAsync(new("nobody", Severity: "awful"), Li, Cancel));
        Assert.Equal(["severity", "title"], refused.Errors.Keys.Order());
    }

    [Fact]
    public async Task Warnings_wait_for_working_hours_and_news_is_only_written_down()
    {
        var shop = await LivePartnerAsync();
        await database.Clock.MoveToAsync(new DateTimeOffset(2027, 3, 6, 12, 0, 0, TimeSpan.Zero)); // a Saturday
        await RaiseAsync(shop, "slow", "slow", Severity.Warning);
        await RaiseAsync(shop, "news", "news", Severity.Info);
        await SettleAsync();
        await GoOnAsync();

        var row = Assert.Single(await _list.AfterAsync(new(Partner: shop.Slug), null, 10, Ana, Cancel));
        Assert.Equal(Urgency.WorkingHours, row.Incident.Urgency);
        Assert.Equal(
            new DateTimeOffset(2027, 3, 8, 9, 0, 0, TimeSpan.Zero),
            await database.AskAsync<DateTime>("SELECT due_at FROM escalation.notifications WHERE incident_id = $1 AND kind = 'update'", row.Incident.Id));
    }

    [Fact]
    public async Task A_quiet_time_ends_also_where_nobody_is_paged()
    {
        var quiet = await database.Get<DeclareStore>().DeclareAsync(new(Title: "typo in their mails", Page: false), Li, Cancel);
        await _incidents.SnoozeAsync(quiet.Id, database.Clock.GetUtcNow().AddHours(1), Li, Cancel);
        await _opening.WakeAsync(Cancel);
        Assert.Equal(IncidentState.Snoozed, (await SheetAsync(quiet.Id)).Row.Incident.State);
        await database.Clock.MoveAsync(TimeSpan.FromHours(1));
        await _opening.WakeAsync(Cancel);
        var sheet = await SheetAsync(quiet.Id);
        Assert.Equal((IncidentState.Open, EntryKind.SnoozeOver), (sheet.Row.Incident.State, sheet.Timeline[^1].Kind));
    }

    [Fact]
    public async Task Links_of_a_closed_account_open_nothing()
    {
        Assert.True(await _list.MayOpenAsync("never.seen@example.com", Cancel));
        await database.RunAsync(
            """
            INSERT INTO access.people (id, user_name, normalized_user_name, email, normalized_email, email_confirmed, display_name, role, disabled_at, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, last_code_step, created_at)
            VALUES ($1, 'gone@example.com', 'GONE@EXAMPLE.COM', 'gone@example.com', 'GONE@EXAMPLE.COM', true, 'Gone', 'operator', portal.now(), false, false, false, 0, 0, portal.now())
            """, Guid.NewGuid());
        Assert.False(await _list.MayOpenAsync("Gone@example.com", Cancel));
    }

    [Fact]
    public async Task Merged_incidents_go_on_as_one_and_two_that_are_merged_into_each_other_do_not_wait_for_each_other()
    {
        var (one, other) = (await DeclareAsync(), await DeclareAsync());
        var tries = await Task.WhenAll(TryAsync(() => _incidents.MergeAsync(one.Id, other.Id, Ana, Cancel)), TryAsync(() => _incidents.MergeAsync(other.Id, one.Id, Li, Cancel)));
        Assert.Single(tries, t => t);

        var merged = (await SheetAsync(one.Id)).Row.Incident.MergedInto is null ? other : one;
        var into = merged.Id == one.Id ? other : one;
        Assert.Equal(merged.Id, Assert.Single((await SheetAsync(into.Id)).Merged).Incident.Id);
        Assert.Equal(merged.Id, await _list.FindAsync(merged.Label, Ana, Cancel));
    }

    [Fact]
    public async Task Mine_is_what_I_have_or_was_asked_to_help_with()
    {
        var (own, helped) = (await DeclareAsync(), await DeclareAsync());
        var eva = new Actor(Guid.NewGuid(), "eva@example.com", Role.Operator);
        await _incidents.AcknowledgeAsync(own.Id, eva, Cancel);
        await _incidents.AddResponderAsync(helped.Id, "Eva@example.com", Ana, Cancel);
        Assert.Equal([.. new[] { helped.Id, own.Id }.Order()], (await _list.AfterAsync(new(Mine: eva.Name), null, 10, Ana, Cancel)).Select(r => r.Incident.Id).Order());
        Assert.Equal(["eva@example.com mail"], await SentAsync(helped.Id, "page"));
    }

    [Fact]
    public void A_link_opens_one_incident_for_one_person_until_it_ends()
    {
        var (links, id, now) = (database.Get<IncidentLinks>(), Guid.NewGuid(), DateTimeOffset.UnixEpoch.AddYears(56));
        var text = links.Make(id, "ana@example.com", now.AddHours(1));
        Assert.Equal(new IncidentLink(id, "ana@example.com", now.AddHours(1)), links.Read(text, now));
        Assert.Null(links.Read(text, now.AddHours(1)));
        Assert.All(Enumerable.Range(0, text.Length), n => Assert.Null(links.Read(string.Concat(text.AsSpan(0, n), text[n] == 'A' ? "B" : "A", text.AsSpan(n + 1)), now)));
        Assert.All(new[] { "", "x", "====", new string('A', 5000) }, bad => Assert.Null(links.Read(bad, now)));
    }

    private static async Task<bool> TryAsync(Func<Task> act)
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

    private async Task<Incident> DeclareAsync() => await database.Get<DeclareStore>().DeclareAsync(new(Title: "Nobody can buy"), Ana, Cancel);

    private Task<IncidentSheet> SheetAsync(Guid id) => _list.GetAsync(id, Ana, Cancel);

    private async Task<int> SettleAsync()
    {
        var all = 0;
        for (var done = 1; done > 0; all += done)
        {
            done = await _opening.SettleAsync(50, Cancel);
        }

        return all;
    }

    private async Task GoOnAsync()
    {
        while (await _runs.CarryOutDueAsync(50, Cancel) > 0)
        {
        }
    }

    private async Task<List<string>> SentAsync(Guid incident, string kind)
    {
        var sheet = await SheetAsync(incident);
        return [.. sheet.Notifications.Where(n => Words.Of(n.Kind) == kind).Select(n => $"{n.Recipient} {Words.Of(n.Channel)}")];
    }

    private Task MarkSentAsync(Guid incident) => database.RunAsync("UPDATE escalation.notifications SET state = 'sent' WHERE incident_id = $1", incident);

    private async Task<(string Slug, Guid Id, Guid Integration, string Policy)> LivePartnerAsync()
    {
        var slug = "shop" + Guid.NewGuid().ToString("N")[..10];
        var policy = "night-" + slug;
        await database.Get<PolicyStore>().SaveAsync(policy, new("Night", Steps: [new("0s", [new(Person: "ana@example.com")]), new("15m", [new(Person: "li@example.com")])], Repeat: 1), null, Ana, Cancel);
        var partner = await database.Get<PartnerStore>().EnterAsync(new() { Slug = slug, Name = "Shop", Owner = "ana@example.com" }, "live", Ana, Cancel);
        await database.Get<IntegrationStore>().ChangeAsync(slug, "main", new() { EscalationPolicy = policy }, null, Ana, Cancel);
        return (slug, partner.Id, partner.Integrations[0].Id, policy);
    }

    // As a source writes it: the stores of sources have tests of their own.
    private async Task<Guid> RaiseAsync((string Slug, Guid Id, Guid Integration, string Policy) shop, string key, string group, Severity severity = Severity.Critical)
    {
        var id = Guid.CreateVersion7(database.Clock.GetUtcNow());
        await database.RunAsync(
            """
            INSERT INTO incidents.alerts (id, partner_id, integration_id, source, source_name, dedup_key, title, summary, severity, labels, onset, first_seen_at, last_seen_at, repeats, settled, "group", history)
            VALUES ($1, $2, $3, 'test', 'monitoring', $4, $5, '61 % of calls fail', $6, '{}', jsonb_build_object('firstBad', portal.now(), 'method', 'rule'), portal.now(), portal.now(), 0, false, $7, '[]')
            """,
            id, shop.Id, shop.Integration, $"{shop.Slug} {key}", $"Purchases failing: {key}", Words.Of(severity), group);
        return id;
    }

    private Task ResolveAsync(Guid alert) => database.RunAsync("UPDATE incidents.alerts SET resolved_at = portal.now(), settled = false WHERE id = $1", alert);
}
