using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class ReviewStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string[] Keys = [.. ShippedTemplates.All.Single(t => t.Slug == "initial-technical-review").Content.Items.Where(i => i.ShownWhen.Length == 0 && i.Tiers.Count == 0).Select(i => i.Key)];

    private ReviewStore Reviews => database.Get<ReviewStore>();

    private DecisionStore Decisions => database.Get<DecisionStore>();

    private TemplateStore Templates => database.Get<TemplateStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Templates_that_come_with_the_portal_are_added_once_even_when_many_portals_start()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Templates.ShipAsync(Cancel)));
        await Templates.ShipAsync(Cancel);

        var row = Assert.Single(await Templates.ListAsync(Cancel), t => t.Slug == "initial-technical-review");
        Assert.Equal((1, true), (row.Version, row.Shipped));
    }

    [Fact]
    public async Task Of_many_answers_from_one_version_exactly_one_is_saved_and_the_others_learn_it()
    {
        var review = await StartAsync("many");

        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            try
            {
                return new Try(await AnswerAsync(review, Keys[0], "passed", $"text {n}", 1), null);
            }
            catch (ChangedMeanwhile stale)
            {
                return new Try(null, stale);
            }
        }));

        var winner = Assert.Single(tries, t => t.Saved is not null).Saved!;
        Assert.All(tries.Where(t => t.Saved is null), t => Assert.Equal(winner.Comment, Assert.IsType<Answer>(t.Stale!.Current).Comment));
        Assert.Equal(winner.Comment, (await SheetAsync(review)).AnswerTo(Keys[0])!.Comment);
    }

    [Fact]
    public async Task Different_answers_of_one_review_are_saved_side_by_side()
    {
        var review = await StartAsync("side-by-side");

        await Task.WhenAll(Keys.Select(key => AnswerAsync(review, key, "passed", key, 1)));

        var sheet = await SheetAsync(review);
        Assert.Equal(Keys.Length, sheet.Progress.Answered);
        Assert.All(Keys, key => Assert.Equal(key, sheet.AnswerTo(key)!.Comment));
    }

    [Fact]
    public async Task What_a_decision_rests_on_does_not_change_after_it()
    {
        var review = await StartAsync("frozen");
        var answering = Task.Run(
            async () =>
            {
                var saved = 0;
                foreach (var key in Keys)
                {
                    try
                    {
                        await AnswerAsync(review, key, "failed", "late", 1);
                        saved++;
                    }
                    catch (RuleBroken)
                    {
                        return saved;
                    }
                }

                return saved;
            },
            Cancel);

        var decided = await Decisions.ConcludeAsync(review, new("no-go", "ana@example.com"), TestDatabase.Ana, Cancel);
        var saved = await answering;

        Assert.Equal(decided.Answers.Count, (await SheetAsync(review)).Progress.Answered);
        Assert.Equal(decided.Answers.Count, saved);
        await Assert.ThrowsAsync<RuleBroken>(() => AnswerAsync(review, Keys[^1], "passed", "after", saved == Keys.Length ? 2 : 1));
    }

    [Fact]
    public async Task A_review_keeps_its_version_while_the_template_moves_on()
    {
        var review = await StartAsync("older");
        await database.RunAsync(
            """
            INSERT INTO reviews.template_versions (id, template_id, number, content, published_at)
            SELECT gen_random_uuid(), template_id, 2, jsonb_set(content, '{title}', '"Second edition"'), published_at FROM reviews.template_versions v
            JOIN reviews.templates t ON t.id = v.template_id WHERE t.slug = 'initial-technical-review' AND v.number = 1
            """);
        await database.RunAsync("UPDATE reviews.templates SET latest = 2, shipped = false WHERE slug = 'initial-technical-review'");

        Assert.Equal(1, (await SheetAsync(review)).Template.Number);
        Assert.Equal("Second edition", (await Templates.GetAsync("initial-technical-review", null, Cancel)).Content.Title);
        await Templates.ShipAsync(Cancel);
        Assert.Equal("Second edition", (await Templates.GetAsync("initial-technical-review", null, Cancel)).Content.Title);

        await database.RunAsync("UPDATE reviews.templates SET latest = 1, shipped = true WHERE slug = 'initial-technical-review'");
        await database.RunAsync("DELETE FROM reviews.template_versions WHERE number = 2");
    }

    [Fact]
    public async Task Every_answer_stands_in_the_audit_log_of_its_partner()
    {
        var review = await StartAsync("audited");
        await AnswerAsync(review, Keys[0], "passed", "first", 1);
        await AnswerAsync(review, Keys[0], "failed", "second", 2);

        var sheet = await SheetAsync(review);
        Assert.Equal(2, await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE kind = 'answer' AND subject_id = $1 AND partner_id = $2", review, sheet.Review.PartnerId));
        Assert.Equal("passed", await database.AskAsync<string>("SELECT before ->> 'state' FROM audit.entries WHERE kind = 'answer' AND subject_id = $1 AND action = 'changed'", review));
    }

    [Fact]
    public async Task Who_is_bound_to_another_partner_finds_nothing()
    {
        var review = await StartAsync("guarded");
        var stranger = new Actor(Guid.NewGuid(), "eve@other.example", Role.Guest, PartnerId: Guid.NewGuid());

        await Assert.ThrowsAsync<NotThere>(() => Reviews.GetAsync(review, stranger, Cancel));
        await Assert.ThrowsAsync<NotThere>(() => Reviews.AnswerAsync(review, Keys[0], new("passed"), 1, stranger, Cancel));
        await Assert.ThrowsAsync<NotThere>(() => Decisions.ConcludeAsync(review, new("no-go", "eve@other.example"), stranger with { Role = Role.Engineer }, Cancel));
    }

    private async Task<Guid> StartAsync(string slug)
    {
        await Templates.ShipAsync(Cancel);
        await database.Get<PartnerStore>().EnterAsync(new(Name: slug, Slug: slug), null, TestDatabase.Ana, Cancel);
        return (await Reviews.StartAsync(slug, "main", "initial-technical-review", TestDatabase.Ana, Cancel)).Id;
    }

    private Task<Answer> AnswerAsync(Guid review, string key, string state, string comment, int version) =>
        Reviews.AnswerAsync(review, key, new(state, Comment: comment, Evidence: ["https://wiki.example.com/seen"]), version, TestDatabase.Ana, Cancel);

    private Task<ReviewSheet> SheetAsync(Guid review) => Reviews.GetAsync(review, TestDatabase.Ana, Cancel);

    private sealed record Try(Answer? Saved, ChangedMeanwhile? Stale);
}
