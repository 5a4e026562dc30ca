using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Partners;

public sealed class EnterAPartner(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task From_an_empty_portal_to_the_first_partner()
    {
        await SignInAsync(Role.Engineer);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to PartnerPortal" })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Add your first partner" }).ClickAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByText("Enter the partner's name.")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Tunes Ltd");
        await Page.GetByLabel("Owner on our side").FillAsync("ana");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByText("is not a mail address")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Tunes Ltd");

        await Page.GetByLabel("Owner on our side").FillAsync("ana@example.com");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Tunes Ltd" })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Edit" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task With_the_keyboard_alone()
    {
        await SignInAsync(Role.Engineer, "/partners");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "No partners yet" })).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Control+k");
        await Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "Search" })).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("add a p");
        await Expect(Page.GetByRole(AriaRole.Listbox, new() { Name = "Results" }).GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Add a partner" })).ToBeFocusedAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FocusAsync();
        await Page.Keyboard.TypeAsync("Payfast");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Payfast" })).ToBeVisibleAsync();
        await Page.Locator("h1").FocusAsync();
        await Page.Keyboard.PressAsync("g");
        await Page.Keyboard.PressAsync("p");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Payfast" })).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("?");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Help and keys" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_was_typed_survives_a_reload_and_another_persons_change_appears()
    {
        await SignInAsync(Role.Engineer, "/partners/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Half typed");
        await Page.ReloadAsync();
        await Expect(Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Half typed");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Half typed" })).ToBeVisibleAsync();

        var other = await OpenAsync();
        await SignInAsync(Role.Operator, "/partners/half-typed/edit", other);
        await other.GetByLabel("What they do for us").FillAsync("seen at once");
        await other.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByText("seen at once")).ToBeVisibleAsync();
    }
}
