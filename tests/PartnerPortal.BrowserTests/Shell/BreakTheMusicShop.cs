using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Shell;

public sealed class BreakTheMusicShop(TestServer server, Chromium chromium) : DemoJourney(server, chromium)
{
    [Fact]
    public async Task From_five_partners_to_a_broken_shop_and_back()
    {
        await SignInAsync(Role.Operator);
        foreach (var partner in new[] { "Tunes", "Northbank Payments", "Kindly Moderation", "Postlane", "Facecheck" })
        {
            await Expect(Page.GetByRole(AriaRole.Link, new() { Name = partner, Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        }

        await Expect(Page.GetByText("Tunes, the music shop, really runs beside it")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByLabel("What to break").SelectOptionAsync("network");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Break the music shop" }).ClickAsync();

        await Expect(Page.GetByText("The music shop is broken on purpose:")).ToBeVisibleAsync();
        await Expect(Page.GetByText("the network between us loses calls")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Watch Tunes" }).ClickAsync();
        await Expect(Page.GetByText("Search music").First).ToBeVisibleAsync();
        await Page.GotoAsync("/");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Mend it" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Break the music shop" })).ToBeVisibleAsync();

        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
    }

    [Fact]
    public async Task Who_only_reads_sees_the_fault_but_no_button()
    {
        await SignInAsync(Role.Viewer);
        await Expect(Page.GetByText("Tunes, the music shop, really runs beside it")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Break the music shop" })).ToHaveCountAsync(0);
    }
}
