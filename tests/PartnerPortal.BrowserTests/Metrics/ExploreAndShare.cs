using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Metrics;

public sealed partial class ExploreAndShare(TestServer server, Chromium chromium) : DemoJourney(server, chromium)
{
    [Fact]
    public async Task From_a_search_to_a_board_whose_link_shows_others_the_same()
    {
        // A refused expression is answered with 422, which browsers note.
        Forgive("422");
        await SignInAsync(Role.Engineer);
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Tunes", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var purchases = Page.GetByRole(AriaRole.Link, new() { NameRegex = Purchases() });
        for (var tries = 0; tries < 20 && await purchases.CountAsync() == 0; tries++)
        {
            await Page.GotoAsync("/partners/tunes/metrics/explore?from=now-5m");
            await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
            await Task.Delay(1000, TestContext.Current.CancellationToken); // samples come at their own pace
        }

        await Page.GetByLabel("Search metrics").FillAsync("attempted purchases");
        await purchases.ClickAsync();
        await Expect(Page.GetByText("Purchases that we attempted")).ToBeVisibleAsync();
        await Expect(Page.Locator(".apexcharts-series path").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await ExpectAccessibleAsync();

        var editor = Page.GetByRole(AriaRole.Combobox, new() { Name = "Expression in PromQL" });
        await editor.FillAsync("rate(music_purchase_attempts_total)");
        await editor.PressAsync("Control+Enter");
        await Expect(Page.GetByText("Character 6: expected type range vector")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        await editor.FillAsync("");
        await editor.PressSequentiallyAsync("sum by (resu");
        await Expect(Page.GetByRole(AriaRole.Option, new() { Name = "result" })).ToBeVisibleAsync();
        await editor.PressAsync("Enter");
        await editor.PressSequentiallyAsync(") (rate(music_purchase_att");
        await Expect(Page.GetByRole(AriaRole.Option).First).ToContainTextAsync("music_purchase_attempts_total");
        await editor.PressAsync("Tab");
        await editor.PressSequentiallyAsync("[1m]))");
        await Expect(editor).ToHaveValueAsync("sum by (result) (rate(music_purchase_attempts_total[1m]))");
        await editor.PressAsync("Control+Enter");
        await Expect(Page.Locator(".legend").GetByText("completed")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Page.GetByRole(AriaRole.Link, new() { Name = "Table", Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Cell, new() { Name = "completed" })).ToBeVisibleAsync();
        await Page.GetByLabel("Title of the chart").FillAsync("Purchases by result");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add to board" }).ClickAsync();
        await Expect(Page.GetByText("The chart is on the board.")).ToBeVisibleAsync();

        await HasFiguresSinceAsync(TimeSpan.FromSeconds(15));
        await Page.GotoAsync("/partners/tunes/charts?from=now-5m");
        var plot = Chart(Page).Locator(".plot");
        await Expect(Line(Page)).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await DragAsync(plot, 0.5, 0.97);
        await Expect(Page).ToHaveURLAsync(Fixed());
        var zoomed = Page.Url;
        await Page.GetByLabel("Time zone").SelectOptionAsync("UTC");
        await Expect(Page).ToHaveURLAsync(InUtc());
        await Page.GetByRole(AriaRole.Link, new() { Name = "Since when?" }).ClickAsync();
        await Expect(Chart(Page).Locator(".since")).Not.ToBeEmptyAsync(new() { Timeout = 30_000 });
        var asked = Page.Url;
        await Page.GoBackAsync();
        await Expect(Page).Not.ToHaveURLAsync(asked);
        await Page.GoBackAsync();
        await Expect(Page).ToHaveURLAsync(zoomed);
        await Page.GoBackAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        await Page.GoForwardAsync();
        await Expect(Page).ToHaveURLAsync(zoomed);
        await Page.GoForwardAsync();
        await Expect(Page).ToHaveURLAsync(InUtc());
        await Expect(Page.GetByText("UTC", new() { Exact = false }).First).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        var other = await OpenAsync();
        await SignInAsync(Role.Viewer, new Uri(Page.Url).PathAndQuery, other);
        await Page.ReloadAsync();
        await Expect(Line(Page)).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(Line(other)).ToHaveAttributeAsync("d", (await Line(Page).GetAttributeAsync("d"))!, new() { Timeout = 30_000 });
        Assert.Equal(await Page.Locator(".chart-card h2").AllInnerTextsAsync(), await other.Locator(".chart-card h2").AllInnerTextsAsync());
        Assert.Equal(await Chart(Page).Locator(".when").AllInnerTextsAsync(), await Chart(other).Locator(".when").AllInnerTextsAsync());

        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
    }

    // The right half of the chart, without the last seconds that the drag leaves out, must hold a rate: two samples at least.
    private async Task HasFiguresSinceAsync(TimeSpan age)
    {
        const string Query = "sum by (result) (rate(music_purchase_attempts_total[1m]))";
        for (var tries = 0; tries < 60; tries++)
        {
            var at = TimeProvider.System.GetUtcNow().Subtract(age).ToUnixTimeSeconds();
            var answer = await Page.Context.APIRequest.GetAsync($"/prometheus/api/v1/query?time={at}&query={Uri.EscapeDataString(Query)}");
            if (answer.Ok && (await answer.TextAsync()).Contains("completed", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(1000, TestContext.Current.CancellationToken); // samples come at their own pace
        }

        Assert.Fail("The shop's purchases are not read.");
    }

    private static ILocator Chart(IPage page) => page.Locator(".chart-card").Filter(new() { HasText = "Purchases by result" });

    private static ILocator Line(IPage page) => Chart(page).Locator(".apexcharts-series path").First;

    private async Task DragAsync(ILocator plot, double from, double to)
    {
        await plot.ScrollIntoViewIfNeededAsync();
        var box = (await plot.BoundingBoxAsync())!;
        var height = (float)(box.Y + 80);
        await Page.Mouse.MoveAsync((float)(box.X + box.Width * from), height);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync((float)(box.X + box.Width * (from + to) / 2), height);
        await Page.Mouse.MoveAsync((float)(box.X + box.Width * to), height);
        await Page.Mouse.UpAsync();
    }

    [GeneratedRegex("^music_purchase_attempts_total")]
    private static partial Regex Purchases();

    [GeneratedRegex(@"from=\d+&to=\d+")]
    private static partial Regex Fixed();

    [GeneratedRegex("zone=UTC")]
    private static partial Regex InUtc();
}
