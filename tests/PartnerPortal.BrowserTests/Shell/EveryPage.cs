using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Shell;

/// <summary>Every page that an administrator can open with the demo's partner: no console error, no serious finding in light and dark, no sideways scroll on a phone. Pages come from the routes, so a new one is visited by itself.</summary>
public sealed class EveryPage(TestServer server, Chromium chromium) : DemoJourney(server, chromium)
{
    private static readonly string[] NotForASignedInPerson = ["/set-up", "/sign-in", "/sign-in/code", "/error", "/not-found"];
    [Fact]
    public async Task Reads_well_in_light_and_dark_on_a_desk_and_on_a_phone()
    {
        await SignInAsync(Role.Administrator);
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Facecheck", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var pages = App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Select(p => p.StartsWith("/partners/{Slug}", StringComparison.Ordinal) ? p.Replace("{Slug}", "tunes", StringComparison.Ordinal) : p)
            .Where(p => !p.Contains('{', StringComparison.Ordinal) && !NotForASignedInPerson.Contains(p))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(pages.Count > 25, $"only {pages.Count} pages were found");

        List<string> faults = [];
        foreach (var page in pages)
        {
            await Page.SetViewportSizeAsync(1280, 800);
            await Page.GotoAsync(page);
            await Expect(Page.Locator("h1").First).ToBeVisibleAsync();
            await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
            await NoteAsync(faults, () => ExpectAccessibleAsync());
            await Page.SetViewportSizeAsync(390, 844);
            await NoteAsync(faults, () => ExpectNoSidewaysScrollAsync());
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static async Task NoteAsync(List<string> faults, Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (Xunit.Sdk.XunitException fault)
        {
            faults.Add(fault.Message);
        }
    }
}
