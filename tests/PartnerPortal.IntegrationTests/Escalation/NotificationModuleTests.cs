// Above 300 lines: one promise of the outbox a test, all on the same set-up of a mail server and rows.
using MailKit.Security;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Engine.Escalation;
using PartnerPortal.Engine.Escalation.Senders;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Escalation;

/// <summary>What waits in the outbox goes out: once, or marked when nobody can know.</summary>
public sealed class NotificationModuleTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly FakeMailServer _mail = FakeMailServer.Open();
    private readonly NotificationStore _store = database.Get<NotificationStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.RunAsync("DELETE FROM escalation.notifications");

    public async ValueTask DisposeAsync() => await _mail.DisposeAsync();

    [Fact]
    public async Task A_mail_goes_out_once_with_its_key_and_its_proof_is_kept()
    {
        await WriteAsync("key-1");

        await Task.WhenAll(Module().RunAsync(Cancel), Module().RunAsync(Cancel), Module().RunAsync(Cancel));

        var mail = Assert.Single(_mail.Mails);
        Assert.Equal(("key-1@example.com", "INC-7 CRITICAL: Purchases failing", "auto-generated"), (mail.To, mail.Header("Subject"), mail.Header("Auto-Submitted")));
        Assert.EndsWith("@portal.example.com>", mail.Header("Message-Id"), StringComparison.Ordinal);
        Assert.Contains("https://portal.example.com/i/abc", mail.Text, StringComparison.Ordinal);
        Assert.Equal("sent 1 False 2.0.0 queued as 1", await StandingAsync("key-1"));
    }

    [Fact]
    public async Task What_is_not_due_waits_and_critical_ones_go_first()
    {
        await WriteAsync("later", due: database.Clock.GetUtcNow().AddMinutes(2));
        await Module().RunAsync(Cancel);
        Assert.Empty(_mail.Mails);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(2));
        await WriteAsync("urgent", critical: true);
        Assert.Equal("urgent", Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 1, Cancel)).Key);
    }

    [Fact]
    public async Task A_server_that_is_away_is_tried_again_later_and_after_a_day_no_more()
    {
        await _mail.DisposeAsync();
        await WriteAsync("away");
        foreach (var wait in new[] { 0, 15, 60, 300, 900, 3600 })
        {
            await database.Clock.MoveAsync(TimeSpan.FromSeconds(wait));
            await Module().RunAsync(Cancel);
        }

        Assert.StartsWith("pending 6 False", await StandingAsync("away"), StringComparison.Ordinal);
        await database.Clock.MoveAsync(TimeSpan.FromDays(1));
        await Module().RunAsync(Cancel);
        Assert.StartsWith("failed 7 False", await StandingAsync("away"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_the_server_refuses_for_good_is_given_up_at_once()
    {
        _mail.Recipient = "550 5.1.1 no such user";
        await WriteAsync("nobody");
        await Module().RunAsync(Cancel);
        Assert.Equal("failed 1 False ", await StandingAsync("nobody"));
        Assert.Contains("550", await database.AskAsync<string>("SELECT problem FROM escalation.notifications WHERE key = 'nobody'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_that_died_with_a_message_in_its_hands_makes_it_go_out_once_more_with_the_same_key_and_marked()
    {
        await WriteAsync("caught");
        var lost = Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel));
        await Module().RunAsync(Cancel);
        Assert.Empty(_mail.Mails);

        await database.Clock.MoveAsync(NotificationStore.Lease + TimeSpan.FromSeconds(1));
        await Module().RunAsync(Cancel);

        Assert.Equal("sent 2 True 2.0.0 queued as 1", await StandingAsync("caught"));
        Assert.Contains("may have reached you before", Assert.Single(_mail.Mails).Text, StringComparison.Ordinal);
        // The dead portal was only frozen: what it writes now is refused.
        Assert.False(await _store.SentAsync(lost, "late", Cancel));
        Assert.False(await _store.FailedAsync(lost, "late", null, Cancel));
        Assert.Equal("sent 2 True 2.0.0 queued as 1", await StandingAsync("caught"));
    }

    [Fact]
    public async Task A_storm_is_one_message_a_minute_to_a_person_and_none_of_it_is_lost()
    {
        await WriteAsync("storm 0", address: "ana@example.com");
        await Module().RunAsync(Cancel);
        Assert.Equal("INC-7 CRITICAL: Purchases failing", Assert.Single(_mail.Mails).Header("Subject"));
        for (var n = 1; n <= 40; n++)
        {
            await WriteAsync($"storm {n}", address: "ana@example.com");
        }

        await database.RunAsync("UPDATE escalation.notifications SET text = jsonb_set(text, '{title}', to_jsonb('INC-' || key)) WHERE key LIKE 'storm %'");
        await Module().RunAsync(Cancel);
        Assert.Single(_mail.Mails);

        await database.Clock.MoveAsync(TimeSpan.FromSeconds(61));
        await Task.WhenAll(Module().RunAsync(Cancel), Module().RunAsync(Cancel));

        Assert.Equal(2, _mail.Mails.Count);
        Assert.StartsWith("40 messages: INC-storm", _mail.Mails.Last().Header("Subject"), StringComparison.Ordinal);
        Assert.Contains("and 30 more", _mail.Mails.Last().Text, StringComparison.Ordinal);
        Assert.Equal((41L, 39L), (await database.AskAsync<long>("SELECT count(*) FROM escalation.notifications WHERE state = 'sent'"), await database.AskAsync<long>("SELECT count(*) FROM escalation.notifications WHERE sent_with IS NOT NULL")));
    }

    [Fact]
    public async Task A_bundle_that_fails_goes_back_whole_and_what_somebody_took_meanwhile_is_left_out()
    {
        var incident = (await database.Get<DeclareStore>().DeclareAsync(new(Title: "Nobody can buy"), TestDatabase.Ana, Cancel)).Id;
        await WriteAsync("one", address: "ana@example.com", incident: incident);
        await WriteAsync("two", address: "ana@example.com");
        var both = Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 8, Cancel));
        Assert.Equal(2, both.Parts.Count);
        await _store.FailedAsync(both, "away", TimeSpan.Zero, Cancel);
        await database.Get<IncidentStore>().AcknowledgeAsync(incident, TestDatabase.Ana, Cancel);
        Assert.Equal("two", Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 8, Cancel), m => m.Kind == NotificationKind.Page).Key);
    }

    [Fact]
    public async Task A_run_whose_time_is_over_brings_to_an_end_what_it_began()
    {
        await WriteAsync("late");
        using var over = new CancellationTokenSource();
        var module = new NotificationModule(new SlowChannel(over), _store, database.Clock, NullLogger<NotificationModule>.Instance);

        await module.RunAsync(over.Token);

        Assert.Equal("sent 1 False in the end", await StandingAsync("late"));
    }

    [Fact]
    public async Task One_that_hangs_holds_up_no_other_message_of_its_channel()
    {
        var channel = new HangingChannel("first");
        await WriteAsync("first");
        var run = new NotificationModule(channel, _store, database.Clock, NullLogger<NotificationModule>.Instance).RunAsync(Cancel);
        await channel.Begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await WriteAsync("second");
        await channel.Others.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        Assert.StartsWith("sending", await StandingAsync("first"), StringComparison.Ordinal);
        channel.Release.SetResult();
        await run;
        Assert.Equal(("sent", "sent"), ((await StandingAsync("first"))![..4], (await StandingAsync("second"))![..4]));
    }

    [Fact]
    public async Task A_page_that_failed_or_was_caught_while_somebody_took_the_incident_is_not_sent_any_more()
    {
        var by = TestDatabase.Ana;
        var incident = (await database.Get<DeclareStore>().DeclareAsync(new(Title: "Nobody can buy"), by, Cancel)).Id;
        await WriteAsync("failed", incident: incident);
        await WriteAsync("caught", incident: incident);
        var taken = await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel);
        await database.Get<IncidentStore>().AcknowledgeAsync(incident, by, Cancel);
        await _store.FailedAsync(taken.Single(t => t.Key == "failed"), "away", TimeSpan.FromSeconds(15), Cancel);

        await database.Clock.MoveAsync(NotificationStore.Lease + TimeSpan.FromSeconds(1));

        Assert.Empty(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel));
        Assert.Equal(("dropped 1 False ", "dropped 1 False "), (await StandingAsync("failed"), await StandingAsync("caught")));
    }

    [Fact]
    public async Task Only_the_first_failure_makes_the_next_way_due()
    {
        var step = Guid.NewGuid();
        await WriteAsync("one", critical: true, step: step);
        await WriteAsync("two", critical: true, step: step, rank: 1, due: database.Clock.GetUtcNow().AddHours(1));
        await WriteAsync("three", critical: true, step: step, rank: 2, due: database.Clock.GetUtcNow().AddHours(1));
        await _store.FailedAsync(Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel)), "away", TimeSpan.Zero, Cancel);
        var again = await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel);
        Assert.Equal(["one", "two"], again.Select(t => t.Key).Order());
        await _store.FailedAsync(again.Single(t => t.Key == "one"), "away", TimeSpan.FromMinutes(1), Cancel);
        Assert.Empty(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel));
    }

    [Fact]
    public async Task A_critical_page_that_was_caught_twice_makes_its_next_way_due()
    {
        var step = Guid.NewGuid();
        await WriteAsync("caught first", critical: true, step: step);
        await WriteAsync("next way", critical: true, step: step, rank: 1, due: database.Clock.GetUtcNow().AddHours(1));
        for (var n = 0; n < 2; n++)
        {
            Assert.Equal("caught first", Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel)).Key);
            await database.Clock.MoveAsync(NotificationStore.Lease + TimeSpan.FromSeconds(1));
        }

        Assert.Equal("next way", Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel)).Key);
    }

    [Fact]
    public async Task Twice_caught_is_given_up_with_a_sentence()
    {
        await WriteAsync("twice");
        for (var n = 0; n < 2; n++)
        {
            Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel));
            await database.Clock.MoveAsync(NotificationStore.Lease + TimeSpan.FromSeconds(1));
        }

        Assert.Empty(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel));
        Assert.Equal("failed 2 True ", await StandingAsync("twice"));
    }

    [Fact]
    public async Task When_the_first_way_of_a_critical_page_fails_the_next_one_is_due_at_once()
    {
        await _mail.DisposeAsync();
        var step = Guid.NewGuid();
        await WriteAsync("first", critical: true, step: step);
        await WriteAsync("second", critical: true, step: step, rank: 1, due: database.Clock.GetUtcNow().AddMinutes(5));
        await WriteAsync("third", critical: true, step: step, rank: 2, due: database.Clock.GetUtcNow().AddMinutes(9));
        var first = Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel));

        await _store.FailedAsync(first, "away", TimeSpan.FromSeconds(15), Cancel);

        Assert.Equal("second", Assert.Single(await _store.ClaimAsync(ChannelKind.Mail, 10, Cancel)).Key);
    }

    [Fact]
    public async Task Without_a_mail_server_the_timeline_says_what_is_missing()
    {
        await WriteAsync("unset");
        await new NotificationModule(new MailSender(), _store, database.Clock, NullLogger<NotificationModule>.Instance).RunAsync(Cancel);
        Assert.Contains("Portal__Mail__Host", await database.AskAsync<string>("SELECT problem FROM escalation.notifications WHERE key = 'unset'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signs_in_with_a_password_or_a_token()
    {
        await WriteAsync("password");
        await Module(user: "portal", password: "secret").RunAsync(Cancel);
        await WriteAsync("token");
        await Module(user: "portal", token: "ya29").RunAsync(Cancel);
        Assert.Equal(["AUTH PLAIN", "AUTH XOAUTH2"], _mail.SignIns.Select(s => string.Join(' ', s.Split(' ')[..2])));
    }

    [Fact]
    public async Task A_server_without_protection_is_refused_when_protection_is_wanted()
    {
        await WriteAsync("plain");
        await Module(security: SecureSocketOptions.StartTls).RunAsync(Cancel);
        Assert.Empty(_mail.Mails);
        Assert.StartsWith("pending 1", await StandingAsync("plain"), StringComparison.Ordinal);
    }

    // Its run is over before it has an answer.
    private sealed class SlowChannel(CancellationTokenSource over) : ISender
    {
        public ChannelKind Kind => ChannelKind.Mail;

        public async Task<Handed> SendAsync(Leased message, CancellationToken cancel)
        {
            await over.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            return new(true, "in the end");
        }
    }

    // Hands every message over at once but one, which waits until it is released.
    private sealed class HangingChannel(string hangs) : ISender
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Others { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ChannelKind Kind => ChannelKind.Mail;

        public async Task<Handed> SendAsync(Leased message, CancellationToken cancel)
        {
            if (message.Key == hangs)
            {
                Begun.SetResult();
                await Release.Task;
            }
            else
            {
                Others.SetResult();
            }

            return new(true);
        }
    }

    private NotificationModule Module(SecureSocketOptions security = SecureSocketOptions.None, string? user = null, string? password = null, string? token = null) => new(
        new MailSender(new("127.0.0.1", _mail.Port, security, user, password, token, new MailboxAddress("PartnerPortal", "portal@portal.example.com"))), _store,
        database.Clock, NullLogger<NotificationModule>.Instance);

    private Task WriteAsync(string key, bool critical = false, DateTimeOffset? due = null, Guid? step = null, int rank = 0, Guid? incident = null, string? address = null) => database.RunAsync(
        """
        INSERT INTO escalation.notifications (id, key, kind, critical, step_id, incident_id, recipient, recipient_name, channel, address, rank, text, state, created_at, due_at, attempts, fence, possibly_twice)
        VALUES ($1, $2, 'page', $3, $4, nullif($7, '00000000-0000-0000-0000-000000000000'::uuid), 'ana@example.com', 'Ana', 'mail', $8, $5,
            '{"title":"INC-7 CRITICAL: Purchases failing","body":"Purchases failing","url":"https://portal.example.com/i/abc","incidentLabel":"INC-7","severity":"critical"}', 'pending', portal.now(), $6, 0, 0, false)
        """,
        Guid.NewGuid(), key, critical, step ?? Guid.NewGuid(), rank, due ?? database.Clock.GetUtcNow(), incident ?? Guid.Empty, address ?? $"{key.Replace(' ', '-')}@example.com");

    private Task<string?> StandingAsync(string key) =>
        database.AskAsync<string>("SELECT concat_ws(' ', state, attempts, CASE WHEN possibly_twice THEN 'True' ELSE 'False' END, coalesce(provider_id, '')) FROM escalation.notifications WHERE key = $1", key);
}
