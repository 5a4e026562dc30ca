using PartnerPortal.Data.Access;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Reviews;

/// <summary>What follows from a review: gates, conditions that are owed, waivers, the closing of a no-go.</summary>
public sealed class DecisionTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Blocker = "journeys-covered";
    private static readonly Actor Max = new(Guid.NewGuid(), "max@example.com", Role.Manager);
    private static readonly Actor Admin = new(Guid.NewGuid(), "root@example.com", Role.Administrator);

    private ReviewStore Reviews => database.Get<ReviewStore>();

    private DecisionStore Decisions => database.Get<DecisionStore>();

    private WaiverStore Waivers => database.Get<WaiverStore>();

    private IntegrationStore Integrations => database.Get<IntegrationStore>();

    private static Actor Ana => TestDatabase.Ana;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contracted_asks_for_the_initial_review_and_live_for_the_one_before_production()
    {
        await EnterAsync("gates");
        Assert.Contains("technical review", (await Integrations.MissingAsync("gates", "main", Stage.Contracted, Cancel)).Single().Proof, StringComparison.Ordinal);

        // A screening proves nothing.
        await ConcludeAsync(await StartAsync("gates", "screening"), "go");
        Assert.Single(await Integrations.MissingAsync("gates", "main", Stage.Contracted, Cancel));

        await ConcludeAsync(await StartAsync("gates"), "go");
        await Integrations.MoveAsync("gates", "main", Stage.Contracted, null, null, Ana, Cancel);
        Assert.Contains(await Integrations.MissingAsync("gates", "main", Stage.Live, Cancel), m => m.Proof.Contains("readiness", StringComparison.Ordinal));

        await ConcludeAsync(await StartAsync("gates", "production-readiness"), "go");
        Assert.DoesNotContain(await Integrations.MissingAsync("gates", "main", Stage.Live, Cancel), m => m.Proof.Contains("review", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_condition_becomes_an_action_of_somebody()
    {
        await EnterAsync("conditions");
        var review = await StartAsync("conditions");

        await Decisions.ConcludeAsync(review, new("conditional go", Ana.Name, [new("Load test before launch", "li@example.com", new DateOnly(2030, 1, 31)), new("Drill the escalation")]), Ana, Cancel);

        var owed = await OwedAsync("conditions");
        Assert.Equal([("Load test before launch", "li@example.com", new DateOnly(2030, 1, 31)), ("Drill the escalation", Ana.Name, null)], owed.Select(a => (a.Text, a.Owner, a.Due)).OrderByDescending(a => a.Text));
        Assert.All(owed, a => Assert.Equal(ActionCause.Condition, a.Source.Kind));
    }

    [Fact]
    public async Task A_no_go_closes_what_was_open_and_leaves_a_letter_and_a_day_to_look_again()
    {
        await EnterAsync("declined");
        await database.Get<MetricSourceStore>().EnterAsync("declined", "main", new("shop", "https://metrics.example.com/metrics", "partner"), Ana, Cancel);
        var token = await database.Get<TokenStore>().IssueAsync(new("their build", ["read"], Partner: "declined", Owner: await PersonAsync()), Admin, Cancel);
        var review = await StartAsync("declined");
        var invited = await database.Get<ReviewInvitationStore>().InviteAsync(review, new("bo@partner.example", null), Ana, Cancel);

        var concluded = await Decisions.ConcludeAsync(review, new("no-go", Ana.Name, Reason: "They cannot be tested.", RevisitOn: new DateOnly(2030, 6, 1)), Ana, Cancel);

        Assert.Equal(Stage.Declined, (await Integrations.GetAsync("declined", "main", Cancel)).Stage);
        var closing = concluded.Closing!;
        Assert.Equal(["shop", "their build"], closing.PausedSources.Concat(closing.RevokedTokens));
        Assert.Contains("bo@partner.example", closing.RevokedGuests);
        Assert.Null(await database.Get<TokenStore>().FindAsync(token.Secret, Cancel));
        Assert.NotNull((await database.Get<ReviewInvitationStore>().FindAsync(invited.Secret, Cancel))!.Invitation.RevokedAt);
        Assert.DoesNotContain("cannot be tested", closing.Mail.Text, StringComparison.Ordinal);
        Assert.Contains("1 June 2030", closing.Mail.Text, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2030, 6, 1), Assert.Single(await OwedAsync("declined")).Due);
    }

    [Fact]
    public async Task A_no_go_leaves_guests_and_tokens_to_another_integration_that_needs_them()
    {
        await EnterAsync("two-uses");
        await database.Get<PartnerStore>().AddIntegrationAsync("two-uses", new(Name: "Payouts", Slug: "payouts", Stage: "live"), Ana, Cancel);
        var token = await database.Get<TokenStore>().IssueAsync(new("their build", ["read"], Partner: "two-uses", Owner: await PersonAsync()), Admin, Cancel);

        var concluded = await Decisions.ConcludeAsync(await StartAsync("two-uses"), new("no-go", Ana.Name), Ana, Cancel);

        Assert.Empty(concluded.Closing!.RevokedTokens);
        Assert.NotNull(await database.Get<TokenStore>().FindAsync(token.Secret, Cancel));
    }

    [Fact]
    public async Task A_waiver_lets_a_failed_blocker_pass_until_its_last_day()
    {
        await EnterAsync("waived");
        var review = await StartAsync("waived");
        await Reviews.AnswerAsync(review, Blocker, new("failed"), 1, Ana, Cancel);
        await Assert.ThrowsAsync<RuleBroken>(() => ConcludeAsync(review, "go"));

        var until = DateOnly.FromDateTime(database.Clock.GetUtcNow().UtcDateTime).AddDays(10);
        await Waivers.RequestForItemAsync(review, Blocker, new("They add it in spring.", until), Ana, Cancel);
        await Assert.ThrowsAsync<RuleBroken>(() => Waivers.RequestForItemAsync(review, Blocker, new("again", until), Max, Cancel));
        await Assert.ThrowsAsync<RuleBroken>(() => ConcludeAsync(review, "go"));
        await Assert.ThrowsAsync<RuleBroken>(() => Waivers.ApproveForItemAsync(review, Blocker, Ana, Cancel));
        await Assert.ThrowsAsync<NotAllowed>(() => Waivers.ApproveForItemAsync(review, Blocker, Max with { Role = Role.Engineer }, Cancel));
        await Waivers.ApproveForItemAsync(review, Blocker, Max, Cancel);

        Assert.Equal(1, (await Reviews.GetAsync(review, Ana, Cancel)).Progress.Waived);
        await database.Clock.MoveAsync(TimeSpan.FromDays(12));
        Assert.Equal([Blocker], (await Reviews.GetAsync(review, Ana, Cancel)).FailedBlockers.Select(b => b.Key));
        await Waivers.RequestForItemAsync(review, Blocker, new("One more month.", until.AddDays(30)), Ana, Cancel);
        await Waivers.ApproveForItemAsync(review, Blocker, Max, Cancel);
        await ConcludeAsync(review, "go");
    }

    [Fact]
    public async Task Figures_that_do_not_go_together_forbid_a_go_from_the_moment_of_the_second()
    {
        await EnterAsync("mismatch");
        var review = await StartAsync("mismatch");
        await Reviews.AnswerAsync(review, "our-peak", new("passed", "120", "Counted in May."), 1, Ana, Cancel);
        Assert.Empty((await Reviews.GetAsync(review, Ana, Cancel)).FailedBlockers);

        await Reviews.AnswerAsync(review, "peak-allowed", new("passed", "50", "By mail.", ["https://wiki.example.com/mail"]), 1, Ana, Cancel);

        Assert.Equal(["our-peak", "peak-allowed"], (await Reviews.GetAsync(review, Ana, Cancel)).FailedBlockers.Select(b => b.Key));
        Assert.Contains("120", (await Assert.ThrowsAsync<RuleBroken>(() => ConcludeAsync(review, "go"))).Message, StringComparison.Ordinal);
        Assert.Equal(ActionCause.Mismatch, Assert.Single(await OwedAsync("mismatch")).Source.Kind);

        await Reviews.UndoAsync(review, "peak-allowed", null, 2, Ana, Cancel);
        Assert.Empty((await Reviews.GetAsync(review, Ana, Cancel)).FailedBlockers);
        Assert.Empty(await OwedAsync("mismatch"));
    }

    [Fact]
    public async Task Everything_that_was_said_is_kept_and_each_undo_goes_one_step_further_back()
    {
        await EnterAsync("history");
        var review = await StartAsync("history");
        foreach (var (text, n) in new[] { "one", "two", "three" }.Select((t, n) => (t, n)))
        {
            await Reviews.AnswerAsync(review, Blocker, new("warning", Comment: text), n + 1, Ana, Cancel);
        }

        Assert.Equal("two", (await Reviews.UndoAsync(review, Blocker, null, 4, Ana, Cancel)).Answer.Comment);
        Assert.Equal("one", (await Reviews.UndoAsync(review, Blocker, null, 5, Ana, Cancel)).Answer.Comment);
        Assert.Equal(AnswerState.NotAnswered, (await Reviews.UndoAsync(review, Blocker, null, 6, Ana, Cancel)).Answer.State);
        await Assert.ThrowsAsync<RuleBroken>(() => Reviews.UndoAsync(review, Blocker, null, 7, Ana, Cancel));
        Assert.Equal("three", (await Reviews.UndoAsync(review, Blocker, 4, 7, Ana, Cancel)).Answer.Comment);
        await Assert.ThrowsAsync<ChangedMeanwhile>(() => Reviews.UndoAsync(review, Blocker, null, 4, Ana, Cancel));
        Assert.Equal(["three", "", "one", "two", "three", "two", "one"], (await Reviews.HistoryAsync(review, Blocker, Ana, Cancel)).Select(v => v.Comment));
    }

    [Fact]
    public async Task An_answer_that_grows_old_is_owed_before_its_day_and_settled_when_it_is_said_anew()
    {
        await EnterAsync("aging");
        var review = await StartAsync("aging");
        var sheet = await Reviews.GetAsync(review, Ana, Cancel);
        var item = sheet.Standings.Asked.First(s => s.Item.FreshForDays is > 14).Item;
        await Reviews.AnswerAsync(review, item.Key, new("passed", Comment: "seen", Evidence: ["https://wiki.example.com/seen"]), 1, Ana, Cancel);
        var watch = database.Get<AnswerWatchStore>();
        await watch.RaiseAsync(Cancel);
        Assert.Empty(await OwedAsync("aging"));

        await database.Clock.MoveAsync(TimeSpan.FromDays(item.FreshForDays!.Value - 13));
        await watch.RaiseAsync(Cancel);
        await watch.RaiseAsync(Cancel);
        Assert.Equal(ActionCause.Freshness, Assert.Single(await OwedAsync("aging")).Source.Kind);

        await Reviews.AnswerAsync(review, item.Key, new("passed", Comment: "seen again", Evidence: ["https://wiki.example.com/seen"]), 2, Ana, Cancel);
        await watch.RaiseAsync(Cancel);
        Assert.Empty(await OwedAsync("aging"));
    }

    private async Task EnterAsync(string slug)
    {
        await database.Get<TemplateStore>().ShipAsync(Cancel);
        await database.Get<PartnerStore>().EnterAsync(new(Name: slug, Slug: slug, Owner: Ana.Name), null, Ana, Cancel);
    }

    private async Task<Guid> StartAsync(string slug, string template = "initial-technical-review") =>
        (await Reviews.StartAsync(slug, "main", template, Ana, Cancel)).Id;

    private Task<Review> ConcludeAsync(Guid review, string decision) => Decisions.ConcludeAsync(review, new(decision, Ana.Name), Ana, Cancel);

    private async Task<List<ActionItem>> OwedAsync(string partner) =>
        [.. (await database.Get<ActionListStore>().PageAsync(new(Partner: partner, State: ActionState.Open), 0, 50, Ana, Cancel)).Rows.Select(r => r.Item)];

    private async Task<string> PersonAsync()
    {
        const string Email = "token-owner@example.com";
        await database.Get<PersonStore>().EnsureAdministratorAsync(Email, _ => true, null, Cancel);
        return Email;
    }
}
