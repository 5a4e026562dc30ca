using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Reviews;

public sealed class FillInAReview(TestServer server, Chromium chromium) : ReviewJourney(server, chromium)
{
    // What is asked of a partner of the usual tier before anybody has said anything.
    private static readonly int Items = Standings.Of(
        ShippedTemplates.All.Single(t => t.Slug == "initial-technical-review").Content, Tier.Standard, _ => null, _ => null, DateTimeOffset.UnixEpoch).Asked.Count();

    [Fact]
    public async Task From_the_empty_tab_to_a_signed_decision_with_the_keyboard()
    {
        await EnterPartnerAsync();
        await SignInAsync(Role.Engineer, "/partners/tunes/reviews");
        await Expect(Page.GetByText("No technical review yet")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start review" }).ClickAsync();
        await Expect(Page.GetByText($"0 of {Items}", new() { Exact = true })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        await Page.Keyboard.PressAsync("j");
        await Expect(Page.Locator("#item-journeys-covered .answer-form")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("1");
        await Expect(Page.Locator("#item-journeys-covered .chip.ok")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("c");
        await Page.Keyboard.TypeAsync("Table agreed on the first call.");
        await Expect(Page.Locator(".answer-form .saved")).ToContainTextAsync("Saved ");
        await Page.Keyboard.PressAsync("Escape");
        await Page.Keyboard.PressAsync("j");
        await Expect(Page.Locator("#item-engineers-walked-through .answer-form")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("4");
        await Expect(Page.GetByText("Say why this does not apply")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.Keyboard.PressAsync("c");
        await Page.Keyboard.TypeAsync("We wrote their API ourselves.");
        await Expect(Page.Locator("#item-engineers-walked-through .chip.nodata")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Say why this does not apply")).ToHaveCountAsync(0);

        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = $"Unanswered {Items - 2}" })).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Page.Keyboard.PressAsync("u");
        await Expect(Page.Locator("#item-journeys-covered")).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Conclude review" }).ClickAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Conditional go" }).CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Conclude review" }).ClickAsync();
        await Expect(Page.GetByText("needs at least one condition")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByLabel("What must happen").FillAsync("Joint load test at 240 calls/s");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Conclude review" }).ClickAsync();
        await Expect(Page.GetByText("The answers are frozen")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Joint load test at 240 calls/s")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
    }

    [Fact]
    public async Task Two_engineers_write_one_answer_and_no_text_is_lost()
    {
        var url = $"/reviews/{await StartReviewAsync()}?item=capacity-proved";
        await SignInAsync(Role.Engineer, url);
        var other = await OpenAsync();
        await SignInAsync(Role.Operator, url, other);
        await Expect(Page.Locator(".answer-form")).ToBeVisibleAsync();
        await Expect(other.Locator(".answer-form")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Failed 2" }).ClickAsync();
        await Expect(other.Locator("#item-capacity-proved .chip.outage")).ToBeVisibleAsync();
        await Page.GetByLabel("Comment").PressSequentiallyAsync("from the engineer");
        await other.GetByLabel("Comment").PressSequentiallyAsync("from the operator");

        var (late, first) = await Task.WhenAny(ConflictAsync(Page), ConflictAsync(other)).Unwrap() == Page ? (Page, other) : (other, Page);
        await Expect(late.Locator(".conflict-card")).ToContainTextAsync("from the engineer");
        await Expect(late.Locator(".conflict-card")).ToContainTextAsync("from the operator");
        await ExpectAccessibleAsync(late);
        await late.GetByRole(AriaRole.Button, new() { Name = "Keep both texts" }).ClickAsync();

        foreach (var page in new[] { late, first })
        {
            await Expect(page.GetByLabel("Comment")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("from the (engineer|operator)\n\nfrom the (engineer|operator)"));
        }
    }

    [Fact]
    public async Task Text_typed_while_the_connection_is_gone_is_saved_after_a_reload()
    {
        Forgive("ERR_INTERNET_DISCONNECTED");
        Forgive("WebSocket");
        Forgive("connection");
        await SignInAsync(Role.Engineer, $"/reviews/{await StartReviewAsync()}?item=journeys-covered");
        await Page.GetByLabel("Comment").FillAsync("typed above ground");
        await Expect(Page.Locator("#item-journeys-covered .marks").GetByText("engineer@example.com")).ToBeVisibleAsync();

        await Page.Context.SetOfflineAsync(true);
        await Page.GetByLabel("Comment").FillAsync("typed in a tunnel");
        await Expect(Page.GetByText("Not saved yet")).ToBeVisibleAsync();
        await Page.Context.SetOfflineAsync(false);
        await Page.ReloadAsync();

        await Expect(Page.GetByLabel("Comment")).ToHaveValueAsync("typed in a tunnel");
        await Page.WaitForFunctionAsync("() => Object.keys(localStorage).every(k => !k.startsWith('portal-answer'))");
        await Page.ReloadAsync();
        await Expect(Page.GetByLabel("Comment")).ToHaveValueAsync("typed in a tunnel");
    }

    private static async Task<IPage> ConflictAsync(IPage page)
    {
        await page.Locator(".conflict-card").WaitForAsync(new() { Timeout = 20_000 });
        return page;
    }
}

public sealed class AReviewOnAPhone(TestServer server, Chromium chromium) : ReviewJourney(server, chromium)
{
    protected override ViewportSize Window { get; } = new() { Width = 390, Height = 844 };

    [Fact]
    public async Task Reading_and_answering_need_no_sideways_scroll()
    {
        var review = await StartReviewAsync();
        await SignInAsync(Role.Engineer, $"/reviews/{review}?item=our-peak");
        await Page.GetByLabel("Figure").FillAsync("120");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Passed" }).ClickAsync();
        await Expect(Page.Locator("#item-our-peak .chip.ok")).ToBeVisibleAsync();
        await Page.GetByLabel("Comment").FillAsync("Counted in the logs of last December.");
        await Expect(Page.Locator(".answer-form .saved")).ToContainTextAsync("Saved ");
        await Expect(Page.Locator("#item-our-peak .chip.ok")).ToBeVisibleAsync();
        foreach (var path in new[] { $"/reviews/{review}?item=our-peak", $"/reviews/{review}/conclude", "/partners/tunes/reviews", "/settings/checklists", "/settings/checklists/initial-technical-review" })
        {
            await Page.GotoAsync(path);
            await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
            await Expect(Page.Locator("h1")).ToBeVisibleAsync();
            await ExpectNoSidewaysScrollAsync();
            await ExpectAccessibleAsync();
        }
    }
}
