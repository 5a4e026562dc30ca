using System.Threading.Channels;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class OpenReviewTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Key = "journeys-covered";
    private static readonly Actor Li = new(Guid.NewGuid(), "li@example.com", Role.Engineer);
    private static readonly Actor Bo = new(Guid.NewGuid(), "bo@example.com", Role.Engineer);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_texts_from_the_same_version_are_both_kept_until_somebody_chooses()
    {
        var (li, bo) = await TwoAsync("both");
        Assert.Equal(SaveResult.Done, await li.SaveTextAsync(Key, 1, null, "from Li", null, Li, Cancel));

        Assert.Equal(SaveResult.Conflict, await bo.SaveTextAsync(Key, 1, null, "from Bo", "https://bo.example.com/", Bo, Cancel));

        var conflict = bo.Conflicts[Key];
        Assert.Equal(("from Li", "from Bo"), (conflict.Theirs.Comment, conflict.Mine.Comment));
        Assert.Equal(SaveResult.Done, await bo.SettleAsync(Key, KeepText.Both, Bo, Cancel));
        Assert.Empty(bo.Conflicts);
        Assert.Contains(Key, await LookAgainAsync(li, Li));
        Assert.Equal("from Li\n\nfrom Bo", li.Sheet.AnswerTo(Key)!.Comment);
        Assert.Equal(["https://bo.example.com/"], li.Sheet.AnswerTo(Key)!.Evidence);
    }

    [Theory]
    [InlineData(KeepText.Mine, "from Bo")]
    [InlineData(KeepText.Theirs, "from Li")]
    public async Task A_conflict_ends_with_the_text_that_was_chosen(KeepText keep, string left)
    {
        var (li, bo) = await TwoAsync("choose-" + keep.ToString().ToLowerInvariant());
        await li.SaveTextAsync(Key, 1, null, "from Li", null, Li, Cancel);
        await bo.SaveTextAsync(Key, 1, null, "from Bo", null, Bo, Cancel);

        Assert.Equal(SaveResult.Done, await bo.SettleAsync(Key, keep, Bo, Cancel));

        await LookAgainAsync(li, Li);
        Assert.Equal(left, li.Sheet.AnswerTo(Key)!.Comment);
    }

    [Fact]
    public async Task A_text_that_arrived_although_its_reply_was_lost_is_no_conflict()
    {
        var (li, _) = await TwoAsync("lost-reply");
        await li.SaveTextAsync(Key, 1, null, "once", null, Li, Cancel);

        Assert.Equal(SaveResult.Done, await li.SaveTextAsync(Key, 1, null, "once", null, Li, Cancel));
        Assert.Empty(li.Conflicts);
        Assert.Equal(2, li.VersionOf(Key));
    }

    [Fact]
    public async Task What_is_typed_while_ones_own_state_is_saved_is_no_conflict_unless_somebody_else_wrote_in_between()
    {
        var (li, bo) = await TwoAsync("at-once");
        await li.SetStateAsync(Key, AnswerState.Warning, Li, Cancel);
        Assert.Equal(SaveResult.Done, await li.SaveTextAsync(Key, 1, null, "typed at once", null, Li, Cancel));
        Assert.Equal((AnswerState.Warning, "typed at once", 3), (li.StateOf(Key), li.Sheet.AnswerTo(Key)!.Comment, li.VersionOf(Key)));

        Assert.Equal(SaveResult.Done, await li.SaveTextAsync(Key, 1, null, "typed at once", "https://a.example.com/", Li, Cancel));
        Assert.Equal(["https://a.example.com/"], li.Sheet.AnswerTo(Key)!.Evidence);

        await LookAgainAsync(bo, Bo);
        await bo.SaveTextAsync(Key, 4, null, "from Bo", null, Bo, Cancel);
        Assert.Equal(SaveResult.Conflict, await li.SaveTextAsync(Key, 4, null, "typed later", null, Li, Cancel));
        Assert.Equal(SaveResult.Conflict, await li.SaveTextAsync(Key, 1, null, "typed long ago", null, Li, Cancel));
    }

    [Fact]
    public async Task Not_applicable_waits_for_its_comment_and_is_saved_with_it()
    {
        var (li, bo) = await TwoAsync("waiting");

        Assert.Equal(SaveResult.Refused, await li.SetStateAsync(Key, AnswerState.NotApplicable, Li, Cancel));
        Assert.NotNull(li.RefusalOf(Key));
        Assert.Equal(AnswerState.NotApplicable, li.StateOf(Key));
        Assert.Equal(SaveResult.Done, await li.SaveTextAsync(Key, 1, null, "no journeys", null, Li, Cancel));

        Assert.Null(li.RefusalOf(Key));
        await LookAgainAsync(bo, Bo);
        Assert.Equal(AnswerState.NotApplicable, bo.StateOf(Key));
    }

    [Fact]
    public async Task A_state_chosen_while_a_text_is_saved_waits_for_its_comment_too()
    {
        var (li, _) = await TwoAsync("racing");
        var text = li.SaveTextAsync(Key, 1, null, null, "https://a.example.com/", Li, Cancel);

        Assert.Equal(SaveResult.Refused, await li.SetStateAsync(Key, AnswerState.NotApplicable, Li, Cancel));

        Assert.Equal(SaveResult.Done, await text);
        Assert.Equal(AnswerState.NotApplicable, li.StateOf(Key));
        Assert.Equal(SaveResult.Done, await li.SaveTextAsync(Key, li.VersionOf(Key), null, "no journeys", null, Li, Cancel));
        Assert.Equal(AnswerState.NotApplicable, li.Sheet.AnswerTo(Key)!.State);
    }

    [Fact]
    public async Task A_state_leaves_texts_as_they_are()
    {
        var (li, _) = await TwoAsync("texts");
        await li.SaveTextAsync(Key, 1, null, "kept", "https://a.example.com/\nhttps://b.example.com/", Li, Cancel);

        await li.SetStateAsync(Key, AnswerState.Failed, Li, Cancel);

        var answer = li.Sheet.AnswerTo(Key)!;
        Assert.Equal((AnswerState.Failed, "kept", 2, 3), (answer.State, answer.Comment, answer.Evidence.Count, answer.Version));
        Assert.Equal(1, li.Sheet.Progress.Failed);
    }

    [Fact]
    public async Task A_page_of_a_concluded_review_says_so_and_stores_nothing()
    {
        var (li, _) = await TwoAsync("closed");
        await database.Get<DecisionStore>().ConcludeAsync(li.Sheet.Review.Id, new("no-go", Li.Name), Li, Cancel);

        Assert.Equal(SaveResult.Refused, await li.SetStateAsync(Key, AnswerState.Passed, Li, Cancel));
        Assert.Contains("concluded", li.RefusalOf(Key)!, StringComparison.Ordinal);
        Assert.Equal(AnswerState.NotAnswered, li.StateOf(Key));
    }

    [Fact]
    public async Task A_page_reads_what_others_wrote_and_not_again_what_it_wrote_itself()
    {
        var (li, bo) = await TwoAsync("own");
        var feed = database.Get<ChangeFeed>();
        var heard = Channel.CreateUnbounded<Change>();
        using var listening = feed.Subscribe(change => heard.Writer.TryWrite(change));
        await feed.StartAsync(Cancel);
        await NextAsync(change => change == ChangeFeed.Everything);

        await li.SaveTextAsync(Key, 1, null, "from Li", null, Li, Cancel);
        var own = await NextAsync(change => change.Kind == "answer" && change.Id == li.Sheet.Review.Id);
        await database.RunAsync("UPDATE reviews.answers SET comment = 'not announced' WHERE review_id = $1", li.Sheet.Review.Id);
        li.Announce(own, onlyAnswers: true);
        Assert.Empty(await li.ReloadAsync(Li, Cancel));
        Assert.Equal("from Li", li.Sheet.AnswerTo(Key)!.Comment);

        bo.Announce(own, onlyAnswers: true);
        Assert.Equal([Key], await bo.ReloadAsync(Bo, Cancel));
        Assert.Equal("not announced", bo.Sheet.AnswerTo(Key)!.Comment);
        await feed.StopAsync(Cancel);

        async Task<Change> NextAsync(Func<Change, bool> wanted)
        {
            while (true)
            {
                var change = await heard.Reader.ReadAsync(Cancel);
                if (wanted(change))
                {
                    return change;
                }
            }
        }
    }

    private static Task<IReadOnlySet<string>> LookAgainAsync(OpenReview page, Actor by)
    {
        page.Announce(ChangeFeed.Everything, onlyAnswers: false);
        return page.ReloadAsync(by, Cancel);
    }

    private async Task<(OpenReview Li, OpenReview Bo)> TwoAsync(string slug)
    {
        var reviews = database.Get<ReviewStore>();
        await database.Get<TemplateStore>().ShipAsync(Cancel);
        await database.Get<PartnerStore>().EnterAsync(new(Name: slug, Slug: slug), null, TestDatabase.Ana, Cancel);
        var id = (await reviews.StartAsync(slug, "main", "initial-technical-review", Li, Cancel)).Id;
        return (await OpenAsync(reviews, id, Li), await OpenAsync(reviews, id, Bo));
    }

    private static async Task<OpenReview> OpenAsync(ReviewStore reviews, Guid id, Actor by) => new(reviews, await reviews.GetAsync(id, by, Cancel), DatabaseAway.Is);
}
