using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Audit;

/// <summary>AuditLogPage: everybody's changes, and whether the log is what was written.</summary>
public sealed class ReadTheLog(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task An_administrator_reads_everybodys_changes_and_verifies_them()
    {
        await App.Services.GetRequiredService<PartnerStore>().EnterAsync(new(Name: "Tunes Ltd", Slug: "tunes"), null, TestDatabase.Ana, TestContext.Current.CancellationToken);
        await SignInAsync(Role.Administrator, "/settings/audit?q=Tunes");
        await Expect(Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "added partner" })).ToContainTextAsync("Tunes Ltd");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Verify the log" }).ClickAsync();
        await Expect(Page.GetByText("rows are as they were written")).ToBeVisibleAsync(new() { Timeout = 15_000 });
    }
}
