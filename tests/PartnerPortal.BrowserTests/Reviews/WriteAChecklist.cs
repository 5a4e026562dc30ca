using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Reviews;

public sealed class WriteAChecklist(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task From_a_name_to_the_second_version_with_items_moved_by_the_keyboard()
    {
        await SignInAsync(Role.Engineer, "/settings/checklists");
        await Page.GetByRole(AriaRole.Link, new() { Name = "New checklist" }).ClickAsync();
        await Page.GetByLabel("Title").FillAsync("Payment partners");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create draft" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Publish version 1" })).ToBeVisibleAsync();
        await Page.GetByLabel("Purpose").FillAsync("Before the first payment.");

        await AddItemAsync("First section", "Is there a refund?");
        await AddItemAsync("First section", "Is there a dispute process?");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add section" }).ClickAsync();
        await Page.GetByLabel("Heading", new() { Exact = true }).FillAsync("Settlement");
        await AddItemAsync("Settlement", "Do amounts agree daily?");
        await Page.GetByLabel("Severity").SelectOptionAsync("blocker");
        await ExpectAccessibleAsync();
        await SeeAsync("editor");

        await Page.GetByRole(AriaRole.Link, new() { Name = "Is there a dispute process?" }).FocusAsync();
        await Page.Keyboard.PressAsync("Alt+ArrowUp");
        await Expect(Page.GetByText("“Is there a dispute process?” is now 1 of 2 in “First section”.")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Is there a dispute process?" })).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Alt+ArrowDown");
        await Page.Keyboard.PressAsync("Alt+ArrowDown");
        await Expect(Page.GetByText("“Is there a dispute process?” is now 1 of 2 in “Settlement”.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove “Is there a refund?”" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo removing" }).ClickAsync();
        await Expect(Page.GetByText("“Is there a refund?” is back.")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Link, new() { Name = "Preview" }).ClickAsync();
        await Expect(Page.GetByText("3 of 3 items are asked, 1 of them blockers.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Self service" }).ClickAsync();
        await ExpectAccessibleAsync();
        await SeeAsync("preview");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish version 1" }).ClickAsync();
        // The editor, too, has a link called Edit.
        await Page.WaitForURLAsync("**/settings/checklists/payment-partners");
        await Expect(Page.Locator(".chip").GetByText("version 1")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Is there a refund?" }).ClickAsync();
        await Page.GetByLabel("What a good answer looks like").FillAsync("Within 5 days.");
        await Expect(Page.GetByText("Saved ").First).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "What is different" }).ClickAsync();
        await Expect(Page.Locator("ins")).ToHaveTextAsync("Within 5 days.");
        await ExpectAccessibleAsync();
        await SeeAsync("changes");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish version 2" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Version 1", Exact = true })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await SeeAsync("published");
    }

    // PORTAL_SCREENSHOTS names a folder for those who want to look.
    private async Task SeeAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"checklist-{name}-{scheme}.png"), FullPage = true });
            }

            await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }
    }

    private async Task AddItemAsync(string section, string question)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Add item to “{section}”" }).ClickAsync();
        await Expect(Page.GetByLabel("Question", new() { Exact = true })).ToHaveValueAsync("");
        await Page.GetByLabel("Question", new() { Exact = true }).FillAsync(question);
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = question })).ToBeVisibleAsync();
    }
}

public sealed class AChecklistOnAPhone(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    protected override ViewportSize Window { get; } = new() { Width = 390, Height = 844 };

    [Fact]
    public async Task The_editor_needs_no_sideways_scroll()
    {
        await SignInAsync(Role.Engineer, "/settings/checklists/production-readiness/edit?part=item-availability-promised");
        foreach (var query in new[] { "?part=item-availability-promised", "?part=checklist", "?view=preview", "?view=changes" })
        {
            await Page.GotoAsync("/settings/checklists/production-readiness/edit" + query);
            await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
            await Expect(Page.Locator("h1")).ToBeVisibleAsync();
            await ExpectNoSidewaysScrollAsync();
            await ExpectAccessibleAsync();
            if (Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"checklist-phone{query.Replace('?', '-').Replace('=', '-')}.png") });
            }
        }
    }
}
