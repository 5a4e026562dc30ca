using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Incidents;

/// <summary>Somebody on duty silences a partner's planned maintenance on SilencesPage, and ends it.</summary>
public sealed class SilenceTheNoise(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task What_was_typed_stays_until_it_can_be_accepted_and_a_silence_is_ended_by_hand()
    {
        await App.Services.GetRequiredService<PartnerStore>().EnterAsync(new() { Slug = "tunes", Name = "Tunes Ltd" }, "live", TestDatabase.Ana, TestContext.Current.CancellationToken);
        await SignInAsync(Role.Operator, "/silences");
        await Expect(Page.GetByText("Nothing is silenced")).ToBeVisibleAsync();
        await Page.GetByLabel("Partner optional").FillAsync("tunes");
        await Page.GetByLabel("Labels").FillAsync("severity=warning");
        await Page.GetByLabel("Why").FillAsync("Their planned maintenance");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add silence" }).ClickAsync();
        await Expect(Page.GetByText("Name an end after the start").First).ToBeVisibleAsync();
        await Expect(Page.GetByText("Write conditions like service=").First).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Why")).ToHaveValueAsync("Their planned maintenance");
        await Page.GetByLabel("Labels").FillAsync("severity=\"warning\"");
        await Page.GetByLabel("To", new() { Exact = true }).FillAsync("2027-01-01T10:00");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add silence" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Tunes Ltd" })).ToContainTextAsync("Holds");
        await ExpectAccessibleAsync();
        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "End now Their planned maintenance" }).ClickAsync();
        await Expect(Page.GetByText("Nothing is silenced")).ToBeVisibleAsync();
    }
}
