using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Engine.Reviews;
using PartnerPortal.IntegrationTests.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class EvidenceModuleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Key = "capacity-proved";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_evidence_that_is_surely_gone_puts_an_answer_in_error_until_it_is_answered_anew()
    {
        await using var page = await ScriptedMetrics.OpenAsync();
        using var http = new GuardedHttpClient(AllowedList.Parse("", [page.Url]));
        var module = new EvidenceModule(database.Get<AnswerWatchStore>(), http);
        var reviews = database.Get<ReviewStore>();
        await database.Get<TemplateStore>().ShipAsync(Cancel);
        await database.Get<PartnerStore>().EnterAsync(new(Name: "Tunes", Slug: "tunes"), null, TestDatabase.Ana, Cancel);
        var review = (await reviews.StartAsync("tunes", "main", "initial-technical-review", TestDatabase.Ana, Cancel)).Id;
        await reviews.AnswerAsync(review, Key, new("passed", Comment: "measured", Evidence: [page.Url.ToString()]), 1, TestDatabase.Ana, Cancel);

        page.Status = 401;
        await module.RunAsync(Cancel);
        Assert.Equal(AnswerState.Passed, await StateAsync());

        page.Status = 404;
        await module.RunAsync(Cancel);
        Assert.Equal(AnswerState.Passed, await StateAsync());
        await database.Clock.MoveAsync(AnswerWatchStore.LookEvery + TimeSpan.FromMinutes(1));
        await module.RunAsync(Cancel);
        Assert.Equal(AnswerState.InError, await StateAsync());
        Assert.Equal($"{page.Url} answered 404.", (await reviews.GetAsync(review, TestDatabase.Ana, Cancel)).AnswerTo(Key)!.EvidenceError);

        page.Status = 200;
        await reviews.AnswerAsync(review, Key, new("passed", Comment: "measured again", Evidence: [page.Url.ToString()]), 2, TestDatabase.Ana, Cancel);
        await module.RunAsync(Cancel);
        Assert.Equal(AnswerState.Passed, await StateAsync());

        async Task<AnswerState> StateAsync() => (await reviews.GetAsync(review, TestDatabase.Ana, Cancel)).StateOf(Key);
    }
}
