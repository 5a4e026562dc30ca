using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Actions;

public sealed class KeepAPromise(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task From_something_owed_to_its_proof_and_from_two_figures_that_do_not_fit_to_one_that_holds()
    {
        await SignInAsync(Role.Engineer, "/partners/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Payfast");
        await Page.GetByLabel("Owner").FillAsync("engineer@example.com");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Waiting" })).ToBeVisibleAsync();

        await Page.GotoAsync("/partners/payfast/actions");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Add an action" }).ClickAsync();
        await Page.GetByLabel("What must happen").FillAsync("Send the sandbox keys for the second environment");
        await Page.GetByLabel("Who owes it").SelectOptionAsync("partner");
        await Page.GetByLabel("Due").FillAsync("2026-01-15");
        await ShowAsync("action-form");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add action" }).ClickAsync();
        await Expect(Page.Locator(".chip.outage", new() { HasText = "Overdue" })).ToBeVisibleAsync();

        // It is unowned at a partner of mine, so it is my work; Home says so, too.
        await Page.GotoAsync("/");
        await Expect(Page.GetByText("1 action, one overdue (them)")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "My work" }).ClickAsync();
        var owed = Page.GetByRole(AriaRole.Link, new() { Name = "Send the sandbox keys" });
        await Expect(owed).ToBeVisibleAsync();
        await ShowAsync("work");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Finish" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Mark as done" }).ClickAsync();
        await Expect(Page.Locator(".error")).ToBeVisibleAsync();
        await Page.GetByLabel("What proves it").FillAsync("They came by mail on 20 January");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Mark as done" }).ClickAsync();
        await Expect(owed).ToHaveCountAsync(0);
        await Expect(Page.GetByText("Nothing waits for you")).ToBeVisibleAsync();

        await Page.GotoAsync("/partners/payfast/targets");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Add a target" }).ClickAsync();
        await Page.GetByLabel("Subject").FillAsync("Calls per second at peak");
        await Page.GetByLabel("Unit").FillAsync("calls/s");
        await Page.GetByLabel("Who has to keep it").SelectOptionAsync("ours");
        await Page.GetByLabel("Our figure").FillAsync("120");
        await Page.GetByLabel("Their figure").FillAsync("50");
        await ShowAsync("target-form");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add target" }).ClickAsync();
        await Expect(Page.GetByText("We plan 120 calls/s, they accept at most 50 calls/s.")).ToBeVisibleAsync();
        await ShowAsync("targets-apart");
        await Page.GotoAsync("/work");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Settle “Calls per second at peak”" })).ToBeVisibleAsync();

        await Page.GotoAsync("/partners/payfast/targets/calls-per-second-at-peak");
        await Page.GetByLabel("Our figure").FillAsync("40");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByText("No data yet")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Figures do not fit")).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Calls per second at peak" }).ClickAsync();
        await Page.GetByLabel("Value seen, in calls/s").FillAsync("38");
        await Page.GetByLabel("What proves it").FillAsync("Load test of May");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Keep this value" }).ClickAsync();
        await Expect(Page.Locator(".chip.ok", new() { HasText = "Met" })).ToBeVisibleAsync();
        await ShowAsync("targets-met");
        await Page.GotoAsync("/work");
        await Expect(Page.GetByText("Nothing waits for you")).ToBeVisibleAsync();
        await Page.GotoAsync("/partners/payfast");
        await Expect(Page.GetByText("38 / 50 calls/s")).ToBeVisibleAsync();
        await ShowAsync("overview");
    }

    // Light and dark, desk and phone; PORTAL_SCREENSHOTS names a folder for pictures.
    private async Task ShowAsync(string name)
    {
        await ExpectAccessibleAsync();
        foreach (var (width, kind) in new[] { (390, "-phone"), (1280, "") })
        {
            await Page.SetViewportSizeAsync(width, 844);
            await ExpectNoSidewaysScrollAsync();
            if (Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { } folder)
            {
                Directory.CreateDirectory(folder);
                foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
                {
                    await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}{kind}{(scheme == ColorScheme.Dark ? "-dark" : "")}.png"), FullPage = true });
                }
            }
        }
    }
}
