using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Escalation;

/// <summary>Before anything breaks: somebody drills a policy, takes the drill and reads the score, and has the shifts in the own calendar.</summary>
public sealed class BePrepared(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drill_is_taken_and_scored_and_a_calendar_reads_the_shifts_until_its_address_is_revoked()
    {
        await App.Services.GetRequiredService<PolicyStore>().SaveAsync("night", new("Night", Steps: [new("0s", [new(Person: "tom@example.com")])]), null, TestDatabase.Ana, Cancel);
        await App.Services.GetRequiredService<ScheduleStore>().SaveAsync(
            "primary", new("Primary", TimeZone: "Europe/Berlin", Layers: [new("weekly", 1, "2026-01-05T09:00", ["tom@example.com", "li@example.com"])]), null, TestDatabase.Ana, Cancel);

        await SignInAsync(Role.Operator, "/escalation/policies/night");
        await Expect(Page.GetByText("Never drilled.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start a drill" }).ClickAsync();
        var row = Page.GetByRole(AriaRole.Row, new() { Name = "INC-1" });
        await Expect(row).ToContainTextAsync("Nobody yet");
        await ExpectAccessibleAsync();
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.GetByText("Nothing is wrong. Take it to show that you were reached.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status)).ToContainTextAsync("has it");
        await Page.GotoAsync("/escalation/policies/night");
        await Expect(row).ToContainTextAsync(" after ");
        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();

        await Page.GotoAsync("/escalation/schedules/primary");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Address of this schedule" }).ClickAsync();
        var address = await Page.GetByTestId("secret").InnerTextAsync();
        var calendar = await Page.APIRequest.GetAsync(address);
        Assert.StartsWith("text/calendar", calendar.Headers["content-type"], StringComparison.Ordinal);
        Assert.Contains("BEGIN:VEVENT", await calendar.TextAsync(), StringComparison.Ordinal);
        await ExpectAccessibleAsync();
        await ExpectNoSidewaysScrollAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Revoke Primary" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Revoke Primary" })).ToBeHiddenAsync();
        Assert.Equal((int)HttpStatusCode.NotFound, (await Page.APIRequest.GetAsync(address)).Status);
    }
}
