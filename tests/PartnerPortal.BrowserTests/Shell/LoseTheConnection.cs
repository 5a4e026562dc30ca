using System.Diagnostics;
using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Shell;

public sealed class LoseTheConnection(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog, new() { Name = "Connecting again" });

    [Fact]
    public async Task A_portal_that_restarts_under_an_open_form_gives_the_typed_text_back_within_five_seconds()
    {
        Forgive("WebSocket");
        Forgive("ERR_CONNECTION_REFUSED");
        Forgive("Failed to fetch");
        Forgive("Error: Connection disconnected");
        await SignInAsync(Role.Engineer, "/partners/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Tunes Ltd");
        await Page.GetByLabel("What they do for us").FillAsync("Catalogue and purchases");

        await StopPortalAsync();
        await Expect(Dialog).ToBeVisibleAsync();
        await StartPortalAgainAsync();
        var back = Stopwatch.StartNew();
        await Expect(Dialog).Not.ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Add a partner" })).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("What they do for us")).ToHaveValueAsync("Catalogue and purchases");
        Assert.True(back.Elapsed < TimeSpan.FromSeconds(5), $"back after {back.Elapsed.TotalSeconds:0.0} s");

        await Expect(Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Tunes Ltd");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Tunes Ltd" })).ToBeVisibleAsync();
    }
}
