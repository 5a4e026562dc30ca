using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Runbooks;

public sealed class FollowARunbook(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    protected override ViewportSize Window { get; } = new() { Width = 360, Height = 740 };

    [Fact]
    public async Task Written_beside_its_preview_then_followed_on_a_phone()
    {
        await SignInAsync(Role.Operator, "/partners/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Tunes");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Tunes" })).ToBeVisibleAsync();

        await Page.GotoAsync("/partners/tunes/runbooks/new");
        await Page.GetByLabel("Text, Markdown").FillAsync("# Purchases fail\n\n## Check\n\n- [ ] Look at the status page\n- [ ] Call the desk\n\n## Mend\n\nwords\n\n## Call\n\nwords\n\n## After\n\nwords\n");
        await Expect(Page.Locator("[data-preview] li.task-list-item")).ToHaveTextAsync(["Look at the status page", "Call the desk"]);
        await Page.ReloadAsync();
        await Expect(Page.GetByText("did not save is back")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save runbook" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Purchases fail" })).ToBeVisibleAsync();
        var step = Page.GetByRole(AriaRole.Checkbox, new() { Name = "Step 1: Look at the status page" });
        await Expect(step).ToBeEnabledAsync();
        await step.CheckAsync();
        await Expect(Page.GetByText("1 of 2 steps done")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Expect(step).ToBeCheckedAsync();
        var box = (await step.BoundingBoxAsync())!;
        Assert.True(box.Width >= 44 && box.Height >= 44, $"A step is {box.Width} × {box.Height} pixels large.");
        Assert.Equal(360, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await ExpectAccessibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "I followed it and it works" }).ClickAsync();
        await Expect(Page.GetByText("works,")).ToBeVisibleAsync();
        await Page.GotoAsync("/partners/tunes/runbooks/purchases-fail/versions");
        await Expect(Page.GetByText("Version 1 is the first")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GotoAsync("/partners/tunes/escalation");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Who would be called" })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GotoAsync("/escalation");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Last resort" })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
    }
}
