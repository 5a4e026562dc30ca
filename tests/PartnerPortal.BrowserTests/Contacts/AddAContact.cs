using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Contacts;

public sealed class AddAContact(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task From_a_partner_without_people_to_one_that_can_be_called()
    {
        await SignInAsync(Role.Operator, "/partners/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Payfast");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "People & mail" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Add somebody at the partner" }).ClickAsync();

        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Åsa Lindqvist");
        await Page.GetByLabel("Phone").FillAsync("08 123");
        await Page.GetByLabel("Time zone").FillAsync("Europe/Stockholm");
        await Page.GetByLabel("Working hours").FillAsync("mon-fri 09:00-17:00");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add contact" }).ClickAsync();
        await Expect(Page.Locator(".error").First).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Åsa Lindqvist");
        await ExpectAccessibleAsync();

        await Page.GetByLabel("Phone").FillAsync("+46 8 465 004 21");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add contact" }).ClickAsync();
        var call = Page.Locator("a[href='tel:+46846500421']").First;
        await Expect(call).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Log a call" }).First.ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Reached" }).ClickAsync();
        await Expect(Page.GetByText("Reached just now").First).ToBeVisibleAsync();

        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
    }
}
