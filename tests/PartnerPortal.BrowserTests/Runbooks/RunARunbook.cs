using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Runbooks;

/// <summary>A runbook is followed on a small phone without script: IncidentLinkPage; then read and printed: RunbookRunPage.</summary>
public sealed class RunARunbook(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private const string Text = """
        # Purchases fail

        ## First five minutes

        - [ ] Look at [their status page](https://status.example.com)

          ```promql
          vector(61)
          ```
        - [ ] Call the desk

          | who | id |
          |---|---|
          | desk | 4711 |
        - [ ] Switch to Bank B
        """;

    private readonly Chromium _chromium = chromium;

    protected override ViewportSize Window { get; } = new() { Width = 360, Height = 740 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    [Fact]
    public async Task Started_ticked_skipped_with_a_reason_and_failed_without_script_on_a_small_phone()
    {
        var ana = TestDatabase.Ana;
        await Get<PartnerStore>().EnterAsync(new() { Slug = "tunes", Name = "Tunes Ltd" }, "live", ana, Cancel);
        await Get<RunbookStore>().WriteAsync("tunes", "purchases-fail", new(Text: Text), null, ana, Cancel);
        var incident = await Get<DeclareStore>().DeclareAsync(new("tunes", WhatUsersSee: "Cannot buy songs"), ana, Cancel);
        var link = "/i/" + Get<IncidentLinks>().Make(incident.Id, "tom@example.com", TimeProvider.System.GetUtcNow().AddHours(1));
        var context = await _chromium.Browser.NewContextAsync(new() { BaseURL = Url, ViewportSize = Window, JavaScriptEnabled = false });
        var phone = await context.NewPageAsync();

        await phone.GotoAsync(link + "?still=1");
        await Expect(phone.GetByText("for everything of this partner")).ToBeVisibleAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Start runbook Purchases fail" }).ClickAsync();
        var title = phone.GetByRole(AriaRole.Heading, new() { Level = 2 }).First;
        await Expect(title).ToHaveTextAsync("Do: Purchases fail 0/3");
        await Expect(phone.GetByRole(AriaRole.Group, new() { Name = "Now" })).ToContainTextAsync("61");
        var page = phone.GetByRole(AriaRole.Link, new() { Name = "their status page" });
        await Expect(page).ToHaveAttributeAsync("target", "_blank");
        if (Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await phone.ScreenshotAsync(new() { Path = Path.Combine(folder, "runbook-run.png"), FullPage = true });
        }

        await phone.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).And(phone.Locator(".primary")).ClickAsync();
        await Expect(title).ToHaveTextAsync("Do: Purchases fail 1/3");

        await phone.GetByRole(AriaRole.Link, new() { Name = "Skip", Exact = true }).First.ClickAsync();
        await phone.GetByLabel("Why it is skipped").FillAsync(" ");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Skip this step" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter why it is skipped");
        await phone.GetByLabel("Why it is skipped").FillAsync("Their desk called us");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Skip this step" }).ClickAsync();
        await Expect(title).ToHaveTextAsync("Do: Purchases fail 2/3");

        await phone.GetByRole(AriaRole.Link, new() { Name = "Failed", Exact = true }).ClickAsync();
        await phone.GetByLabel("What went wrong").FillAsync("The switch is locked");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Mark as failed" }).ClickAsync();
        await Expect(phone.GetByText("followed: 1 of 3 done, 1 skipped, 1 failed")).ToBeVisibleAsync();
        await Expect(phone.GetByText("tom@example.com could not do step 3")).ToBeVisibleAsync();
        await context.CloseAsync();

        await SignInAsync(Role.Operator, $"/incidents/{incident.Number}?still=1");
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start runbook Purchases fail" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Do: Purchases fail 0/3" })).ToBeVisibleAsync();
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
        for (var done = 1; done <= 3; done++)
        {
            await Page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).And(Page.Locator(".primary")).ClickAsync();
            await Expect(Page.GetByText($"did step {done}")).ToHaveCountAsync(done == 1 ? 2 : 1);
        }

        await Page.GetByRole(AriaRole.Link, new() { Name = "Purchases fail" }).Nth(1).ClickAsync();
        await Expect(Page.GetByText("3 of 3 done")).ToBeVisibleAsync();
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "It works as written" }).ClickAsync();
        await Expect(Page.GetByText("works,")).ToBeVisibleAsync();
        await Expect(Page.GetByText("3/3 done")).ToBeVisibleAsync();
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
    }
}
