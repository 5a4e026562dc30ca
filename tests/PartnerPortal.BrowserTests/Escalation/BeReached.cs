using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Escalation;

/// <summary>Somebody says how pages reach them, adds a service for policies, enters an announced maintenance, and sees who is called for everything.</summary>
public sealed class BeReached(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task Channels_services_maintenance_and_coverage_are_filled_in_and_keep_what_was_typed()
    {
        await App.Services.GetRequiredService<PartnerStore>().EnterAsync(new() { Slug = "tunes", Name = "Tunes Ltd" }, "live", TestDatabase.Ana, TestContext.Current.CancellationToken);
        await SignInAsync(Role.Operator, "/escalation/channels");
        await Expect(Page.GetByText("Pages reach you by mail")).ToBeVisibleAsync();
        await Page.GetByLabel("Mail address").FillAsync("not an address");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add channel" }).ClickAsync();
        await Expect(Page.GetByText("is not a mail address").First).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Mail address")).ToHaveValueAsync("not an address");
        await Page.GetByLabel("Mail address").FillAsync("night@example.com");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add channel" }).ClickAsync();
        await Expect(Page.GetByText("Never proven")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Test my channels" }).ClickAsync();
        await Expect(Page.GetByLabel("Figures in the test message")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();

        await Page.GotoAsync("/escalation/services/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Ops room");
        await Page.GetByLabel("Way", new() { Exact = true }).SelectOptionAsync("mail");
        await Page.GetByLabel("Mail address").FillAsync("ops@example.com");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save service" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Ops room" })).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await ExpectNoSidewaysScrollAsync();

        await Page.GotoAsync("/partners/tunes/maintenance");
        await Page.GetByLabel("What they say will happen").FillAsync("Payments may fail");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add window" }).ClickAsync();
        await Expect(Page.GetByText("Name an end after the start").First).ToBeVisibleAsync();
        await Page.GetByLabel("To", new() { Exact = true }).FillAsync(TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add window" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Payments may fail" })).ToContainTextAsync("Now");
        await ExpectAccessibleAsync();
        await ExpectNoSidewaysScrollAsync();

        await Page.GotoAsync("/escalation/coverage");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Tunes Ltd" })).ToBeVisibleAsync();
        await Expect(Page.GetByText("No schedule yet")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await ExpectNoSidewaysScrollAsync();
    }
}
