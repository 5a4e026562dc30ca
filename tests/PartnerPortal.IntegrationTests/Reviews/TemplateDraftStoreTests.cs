using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class TemplateDraftStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Actor Li = new(Guid.NewGuid(), "li@example.com", Role.Engineer);
    private static readonly Actor Bo = new(Guid.NewGuid(), "bo@example.com", Role.Engineer);

    private TemplateDraftStore Drafts => database.Get<TemplateDraftStore>();

    private TemplateStore Templates => database.Get<TemplateStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_checklist_is_a_draft_until_it_is_published()
    {
        var draft = await Drafts.StartAsync("Payment partners", null, null, Li, Cancel);

        Assert.Equal(("payment-partners", 0, 1, "li@example.com"), (draft.Slug, draft.BasedOn, draft.Version, draft.EditedBy));
        await Assert.ThrowsAsync<NotThere>(() => Templates.GetAsync("payment-partners", null, Cancel));
        Assert.Contains(await Drafts.ListAsync(Cancel), d => d.Slug == "payment-partners" && d.Title == "Payment partners");
        await Assert.ThrowsAsync<AlreadyTaken>(() => Drafts.StartAsync("Payment partners", null, null, Bo, Cancel));

        await Drafts.SaveAsync("payment-partners", Asking("Do they pay?"), 1, 0, Li, Cancel);
        var published = await Drafts.PublishAsync("payment-partners", 2, 0, Li, Cancel);

        Assert.Equal((1, "do-they-pay"), (published.Number, published.Content.Items.Single().Key));
        Assert.Equal("li@example.com", (await Templates.VersionsAsync("payment-partners", Cancel)).Single().PublishedBy);
        Assert.Null((await Drafts.OpenAsync("payment-partners", Cancel)).Draft);
    }

    [Fact]
    public async Task Looking_starts_no_draft_and_the_first_save_does()
    {
        await PublishedAsync("looked-at", "Is it there?");

        var desk = await Drafts.OpenAsync("looked-at", Cancel);
        Assert.Null(desk.Draft);
        Assert.Equal("Is it there?", desk.Content.Sections[0].Items[0].Question);
        var draft = await Drafts.SaveAsync("looked-at", Asking("Is it still there?"), 0, 1, Li, Cancel);

        Assert.Equal((1, 1), (draft.Version, draft.BasedOn));
        Assert.Equal("Is it there?", (await Templates.GetAsync("looked-at", null, Cancel)).Content.Items.Single().Question);
    }

    [Fact]
    public async Task A_published_version_never_changes_and_the_next_one_has_the_next_number()
    {
        await PublishedAsync("versions", "First?");
        await Drafts.SaveAsync("versions", Asking("Second?"), 0, 1, Li, Cancel);

        Assert.Equal(2, (await Drafts.PublishAsync("versions", 1, 1, Bo, Cancel)).Number);

        Assert.Equal("First?", (await Templates.GetAsync("versions", 1, Cancel)).Content.Items.Single().Question);
        Assert.Equal([(2, "bo@example.com"), (1, "li@example.com")], (await Templates.VersionsAsync("versions", Cancel)).Select(v => (v.Number, v.PublishedBy!)));
    }

    [Fact]
    public async Task Of_many_saves_from_one_version_exactly_one_is_kept()
    {
        await Drafts.StartAsync("Crowded", null, null, Li, Cancel);

        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => TryAsync(() => Drafts.SaveAsync("crowded", Asking($"Number {n}?"), 1, 0, Bo, Cancel))));

        Assert.Single(tries, t => t is null);
        Assert.All(tries.OfType<ChangedMeanwhile>(), stale => Assert.Equal(2, Assert.IsType<TemplateDraft>(stale.Current).Version));
    }

    [Fact]
    public async Task Of_many_first_saves_exactly_one_starts_the_draft()
    {
        await PublishedAsync("started", "First?");

        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => TryAsync(() => Drafts.SaveAsync("started", Asking($"Number {n}?"), 0, 1, Bo, Cancel))));

        Assert.Single(tries, t => t is null);
        Assert.Equal(5, tries.OfType<ChangedMeanwhile>().Count());
    }

    [Fact]
    public async Task What_is_not_complete_or_not_different_is_not_published()
    {
        await PublishedAsync("strict", "First?");
        await Drafts.SaveAsync("strict", Asking(" "), 0, 1, Li, Cancel);
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() => Drafts.PublishAsync("strict", 1, 1, Li, Cancel));
        Assert.Equal(["sections[0].items[0].question"], refused.Errors.Keys);

        await Drafts.SaveAsync("strict", Asking("First?"), 1, 1, Li, Cancel);
        Assert.Contains("Nothing is different", (await Assert.ThrowsAsync<RuleBroken>(() => Drafts.PublishAsync("strict", 2, 1, Li, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_names_the_draft_and_the_version_that_were_looked_at()
    {
        await PublishedAsync("raced", "First?");
        await Drafts.SaveAsync("raced", Asking("Draft?"), 0, 1, Li, Cancel);
        await Templates.PublishAsync("raced", Asking("By a program?"), null, Bo, Cancel);

        await Assert.ThrowsAsync<ChangedMeanwhile>(() => Drafts.PublishAsync("raced", 7, 2, Li, Cancel));
        Assert.Contains("Version 2 was published meanwhile", (await Assert.ThrowsAsync<RuleBroken>(() => Drafts.PublishAsync("raced", 1, 1, Li, Cancel))).Message, StringComparison.Ordinal);
        Assert.Equal(3, (await Drafts.PublishAsync("raced", 1, 2, Li, Cancel)).Number);
    }

    [Fact]
    public async Task A_discarded_draft_leaves_what_is_published()
    {
        await PublishedAsync("given-up", "First?");
        await Drafts.SaveAsync("given-up", Asking("Never?"), 0, 1, Li, Cancel);

        await Assert.ThrowsAsync<ChangedMeanwhile>(() => Drafts.DiscardAsync("given-up", 9, Li, Cancel));
        await Drafts.DiscardAsync("given-up", 1, Li, Cancel);

        Assert.Equal("First?", (await Drafts.OpenAsync("given-up", Cancel)).Content.Sections[0].Items[0].Question);
        await Assert.ThrowsAsync<NotThere>(() => Drafts.DiscardAsync("given-up", 1, Li, Cancel));
        await Assert.ThrowsAsync<NotThere>(() => Drafts.OpenAsync("nothing", Cancel));
    }

    [Fact]
    public async Task Two_editors_of_different_items_lose_nothing()
    {
        var (li, bo) = await TwoAsync("shared");
        Question(li, 0, "From Li?");
        Question(bo, 1, "From Bo?");
        await li.SaveAsync(Li, Cancel);
        await bo.SaveAsync(Bo, Cancel);

        Assert.Null(bo.Conflict);
        Assert.False(bo.Unsaved);
        Assert.Contains("li@example.com", bo.Said!, StringComparison.Ordinal);
        Assert.Equal(["From Li?", "From Bo?"], (await Drafts.OpenAsync("shared", Cancel)).Content.Sections[0].Items.Select(i => i.Question));
    }

    [Theory]
    [InlineData(true, "From Bo?")]
    [InlineData(false, "From Li?")]
    public async Task Two_texts_of_one_item_are_both_kept_until_somebody_chooses(bool mine, string left)
    {
        var slug = mine ? "mine" : "theirs";
        var (li, bo) = await TwoAsync(slug);
        Question(li, 0, "From Li?");
        Question(bo, 0, "From Bo?");
        await li.SaveAsync(Li, Cancel);
        await bo.SaveAsync(Bo, Cancel);

        Assert.Equal(("li@example.com", "From Bo?"), (bo.Conflict!.By, bo.Content.Sections[0].Items[0].Question));
        Assert.Equal("From Li?", bo.Conflict.Theirs.Sections[0].Items[0].Question);
        bo.Settle(mine);
        await bo.SaveAsync(Bo, Cancel);

        Assert.Equal(left, (await Drafts.OpenAsync(slug, Cancel)).Content.Sections[0].Items[0].Question);
    }

    [Fact]
    public async Task Who_types_while_another_publishes_goes_on_from_the_new_version()
    {
        var (li, bo) = await TwoAsync("overtaken");
        Question(li, 0, "From Li?");
        await li.SaveAsync(Li, Cancel);
        await Drafts.PublishAsync("overtaken", li.Version, 1, Li, Cancel);
        Question(bo, 1, "From Bo?");
        await bo.SaveAsync(Bo, Cancel);

        Assert.Equal((2, 2), (bo.Latest, bo.BasedOn));
        Assert.Equal(["From Li?", "From Bo?"], (await Drafts.OpenAsync("overtaken", Cancel)).Draft!.Content.Sections[0].Items.Select(i => i.Question));
    }

    [Fact]
    public async Task Who_types_into_a_discarded_new_checklist_is_told_and_keeps_the_text()
    {
        await Drafts.StartAsync("Vanished", null, Asking("First?"), Li, Cancel);
        var open = new OpenDraft(Drafts, await Drafts.OpenAsync("vanished", Cancel));
        await Drafts.DiscardAsync("vanished", 1, Bo, Cancel);
        Question(open, 0, "Typed?");

        Assert.Contains("discarded", (await Assert.ThrowsAsync<RuleBroken>(() => open.SaveAsync(Li, Cancel))).Message, StringComparison.Ordinal);
        Assert.Equal("Typed?", open.Content.Sections[0].Items[0].Question);
    }

    private async Task PublishedAsync(string slug, params string[] questions) => await Templates.CreateAsync(Asking(questions) with { Slug = slug }, Li, Cancel);

    private async Task<(OpenDraft Li, OpenDraft Bo)> TwoAsync(string slug)
    {
        await PublishedAsync(slug, "First?", "Second?");
        return (new(Drafts, await Drafts.OpenAsync(slug, Cancel)), new(Drafts, await Drafts.OpenAsync(slug, Cancel)));
    }

    private static void Question(OpenDraft open, int item, string question) =>
        open.Change(open.Content.With(new ItemPlace(0, item), open.Content.Sections[0].Items[item] with { Question = question }));

    private static async Task<Exception?> TryAsync(Func<Task> save)
    {
        try
        {
            await save();
            return null;
        }
        catch (ChangedMeanwhile stale)
        {
            return stale;
        }
    }

    private static ChecklistDraft Asking(params string[] questions) =>
        new() { Title = "Mine", Sections = [new() { Key = "all", Title = "All", Items = [.. questions.Select(q => new ItemDraft { Question = q })] }] };
}
