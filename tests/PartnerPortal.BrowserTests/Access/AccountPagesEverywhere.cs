using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;

namespace PartnerPortal.BrowserTests.Access;

/// <summary>Every page of this room on a desk and on a phone, in light and in dark. PORTAL_LOOK names a folder that gets the pictures.</summary>
public sealed class AccountPagesEverywhere(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task No_page_scrolls_sideways_or_has_a_serious_fault()
    {
        var invitations = App.Services.GetRequiredService<InvitationStore>();
        var setUp = await invitations.SetUpLinkAsync(CancellationToken.None);
        await LookAsync("/", "set-up-empty");
        await LookAsync("/set-up/" + setUp, "set-up");
        await App.PersonAsync(Role.Engineer, "ida");
        await App.PersonAsync(Role.Viewer, "a.rather.long.name.that.hardly.fits.anywhere");
        var invited = await invitations.InviteAsync(new("li@example.com", "operator"), Actor.Portal("test"), CancellationToken.None);
        await LookAsync("/sign-in", "sign-in");
        await LookAsync("/invitation/" + invited.Secret, "invitation");
        await LookAsync("/invitation/unknown", "invitation-unknown");
        await SignInAsync(Role.Administrator, "/account");
        foreach (var (path, name) in new[]
        {
            ("/account", "account"), ("/account/second-step", "second-step"), ("/settings/people", "people"), ("/settings/people?invite=true", "invite"),
            ("/settings/tokens", "tokens"), ("/settings/tokens?make=true", "make-token"), ("/settings/sessions", "sessions"),
        })
        {
            await LookAsync(path, name);
        }
    }

    private async Task LookAsync(string path, string name)
    {
        foreach (var width in new[] { 1280, 390 })
        {
            await Page.SetViewportSizeAsync(width, 844);
            await Page.GotoAsync(path);
            await Page.Locator("h1").First.WaitForAsync();
            await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await ExpectNoSidewaysScrollAsync();
            foreach (var scheme in Environment.GetEnvironmentVariable("PORTAL_LOOK") is null ? Array.Empty<ColorScheme>() : [ColorScheme.Light, ColorScheme.Dark])
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await Page.ScreenshotAsync(new() { Path = Path.Combine(Environment.GetEnvironmentVariable("PORTAL_LOOK")!, $"{name}-{width}-{scheme}.png"), FullPage = true });
            }
        }

        await ExpectAccessibleAsync();
    }
}
