using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Metrics;

public sealed partial class SeeARuleFire(TestServer server, Chromium chromium) : DemoJourney(server, chromium)
{
    [Fact]
    public async Task From_a_planted_fault_to_an_alert_that_says_since_when()
    {
        await SignInAsync(Role.Engineer);
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Tunes", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Page.GotoAsync("/partners/tunes/rules");
        var row = Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Purchases fail" });
        // A minute of good purchases stands before the fault.
        await Expect(row.GetByText("Ok", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Purchases fail" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try it on 30 days" }).ClickAsync();
        await Expect(Page.GetByText("It would not have fired.").First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken); // samples come at their own pace

        await Page.GotoAsync("/");
        await Page.GetByLabel("What to break").SelectOptionAsync("outage");
        var planted = TimeProvider.System.GetUtcNow();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Break the music shop" }).ClickAsync();
        await Page.GotoAsync("/alerts");
        var alert = Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Purchases fail" });
        await Expect(alert.GetByText("Firing", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await Expect(alert.GetByText("change in")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var said = Between().Match(await alert.InnerTextAsync());
        var (from, to) = (Moment(said.Groups[1].Value, planted), Moment(said.Groups[2].Value, planted));
        // Scraped every five seconds: the start is known to two of them.
        Assert.InRange(from, planted.AddSeconds(-11), planted.AddSeconds(11));
        Assert.InRange(to, planted.AddSeconds(-1), planted.AddSeconds(11));
        await ExpectAccessibleAsync();

        await alert.GetByRole(AriaRole.Link, new() { Name = "Purchases fail", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("Firing", new() { Exact = true }).First).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GotoAsync("/partners/tunes");
        await Expect(Page.Locator(".banner").GetByText("Purchases fail")).ToBeVisibleAsync();
        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
        await Page.GotoAsync("/alerts");
        await Expect(alert).ToBeVisibleAsync();
        await ExpectNoSidewaysScrollAsync();
    }

    private static DateTimeOffset Moment(string time, DateTimeOffset near) =>
        new(DateOnly.FromDateTime(near.UtcDateTime), TimeOnly.ParseExact(time, "HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.Zero);

    [GeneratedRegex(@"between (\d\d:\d\d:\d\d) and (\d\d:\d\d:\d\d)")]
    private static partial Regex Between();
}
