using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;

namespace PartnerPortal.BrowserTests.Shell;

/// <summary>Makes the README's pictures of the demo: <c>./portal screenshots</c>. Every page in desktop and phone size, light and dark.</summary>
public sealed class Screenshots(TestServer server, Chromium chromium) : DemoJourney(server, chromium)
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") ?? Path.Combine(Path.GetTempPath(), "portal-screenshots");

    private static readonly (string Name, string Path)[] Pages =
    [
        ("home", "/"),
        ("partners", "/partners"),
        ("overview", "/partners/tunes"),
        ("metrics", "/partners/tunes/charts"),
        ("explore", "/partners/tunes/metrics/explore?metric=music_requests_total&query=rate(music_requests_total[1m])&from=now-15m"),
        ("ours-vs-theirs", "/partners/tunes/pairs"),
        ("contacts", "/partners/tunes/contacts"),
        ("runbooks", "/partners/tunes/runbooks"),
        ("runbook", "/partners/tunes/runbooks/refund-purchases-that-were-paid-twice"),
        ("who-is-called", "/partners/tunes/escalation"),
        ("print", "/partners/tunes/print"),
        ("reviews", "/partners/tunes/reviews"),
        ("escalation", "/escalation"),
        ("settings", "/settings"),
    ];

    [Fact(Explicit = true)]
    public async Task Pictures_of_every_page()
    {
        Directory.CreateDirectory(Folder);
        await SignInAsync(Role.Administrator);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Tunes" }).First.WaitForAsync();
        foreach (var (size, scheme) in new[] { (Desk, ColorScheme.Light), (Desk, ColorScheme.Dark), (Phone, ColorScheme.Light), (Phone, ColorScheme.Dark) })
        {
            await Page.SetViewportSizeAsync(size.Width, size.Height);
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var (name, path) in Pages)
            {
                await Page.GotoAsync(path);
                await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                await Page.Locator(".skeleton").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
                var kind = size == Desk ? "" : "-phone";
                await Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}{kind}{(scheme == ColorScheme.Dark ? "-dark" : "")}.png") });
            }
        }
    }

    private static readonly ViewportSize Desk = new() { Width = 1280, Height = 800 };
    private static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };
}
