using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Metrics;

/// <summary>The pages that say what is watched: EventsPage, CounterPairEditPage, CounterPairsPage, RuleBurnRatePage, RulesPage, RuleEditPage, PartnerAlertsPage; and HistoryPage, which tells of it.</summary>
public sealed class SayWhatIsWatched(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_an_event_a_pair_and_a_target_to_what_the_history_says()
    {
        await App.Services.GetRequiredService<PartnerStore>().EnterAsync(new(Name: "Tunes Ltd", Slug: "tunes"), null, TestDatabase.Ana, Cancel);
        await SignInAsync(Role.Manager, "/partners/tunes/events");
        await Expect(Heading("No event is marked yet")).ToBeVisibleAsync();
        await App.Services.GetRequiredService<EventStore>().MarkAsync(new(Partner: "tunes", Kind: "deployment", Title: "checkout 4f2a is live"), TestDatabase.Ana, Cancel);
        await Expect(Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "checkout 4f2a is live" })).ToContainTextAsync("Deployment");
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove checkout 4f2a is live" }).ClickAsync();
        await Expect(Heading("No event is marked yet")).ToBeVisibleAsync();

        await PairAsync();
        await AgreeAsync();
        await Page.GotoAsync("/partners/tunes/alerts");
        await Expect(Heading("No alert so far")).ToBeVisibleAsync();

        await Page.GotoAsync("/partners/tunes/history?q=Refunds");
        await Expect(Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Refunds" }).First).ToBeVisibleAsync();
    }

    private ILocator Heading(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text });

    private async Task PairAsync()
    {
        await Page.GotoAsync("/partners/tunes/pairs");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Pair counters" }).ClickAsync();
        await Page.GetByLabel("Operation", new() { Exact = true }).FillAsync("Refunds");
        await Page.GetByLabel("Our counter").FillAsync("rate(refunds_total[5m])");
        await Page.GetByLabel("Their counter").FillAsync("shop_refunds_total");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Pair them" }).ClickAsync();
        await Expect(Page.Locator(".error").First).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Operation", new() { Exact = true })).ToHaveValueAsync("Refunds");
        await Page.ReloadAsync();
        await Expect(Page.GetByLabel("Their counter")).ToHaveValueAsync("shop_refunds_total");
        await Page.GetByLabel("Our counter").FillAsync("refunds_total");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Pair them" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Refunds") })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        // What was saved is no draft any more.
        await Page.GetByRole(AriaRole.Link, new() { Name = "Add pair" }).ClickAsync();
        await Expect(Page.GetByLabel("Operation", new() { Exact = true })).ToHaveValueAsync("");
    }

    private async Task AgreeAsync()
    {
        await Page.GotoAsync("/partners/tunes/rules");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Start from what was agreed" }).ClickAsync();
        await Page.GetByLabel("Failed calls").FillAsync("calls_total{code=~\"5..\"}");
        await Page.GetByLabel("All calls").FillAsync("calls_total");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show the rules" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add these rules" }).ClickAsync(new() { Timeout = 30_000 });
        await Expect(Page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Link)).ToHaveCountAsync(3);
        // Computed within seconds, although no change of theirs is announced.
        await Expect(Page.GetByText("Not computed yet")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await ExpectAccessibleAsync();
    }
}
