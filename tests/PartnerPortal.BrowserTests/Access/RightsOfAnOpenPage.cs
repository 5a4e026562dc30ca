using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Access;

public sealed class RightsOfAnOpenPage(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 5_000 };

    [Fact]
    public async Task A_viewer_who_was_an_engineer_loses_the_buttons_within_five_seconds()
    {
        await SignInAsync(Role.Engineer, "/partners");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Add partner" }).First).ToBeVisibleAsync();
        var id = (await App.PersonAsync(Role.Engineer)).Id;
        await App.Services.GetRequiredService<PersonStore>().ChangeAsync(id, new(Role: "viewer"), Actor.Portal("test"), CancellationToken.None);
        await Expect(Page.Locator(".page-head").GetByRole(AriaRole.Link, new() { Name = "Add partner" })).ToHaveCountAsync(0, new() { Timeout = 5_000 });
    }

    [Fact]
    public async Task An_administrator_ends_a_session_and_the_open_page_of_it_is_signed_out()
    {
        Forgive("401");
        Forgive("connection");
        await SignInAsync(Role.Engineer, "/partners/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Never saved");

        var admin = await OpenAsync();
        await SignInAsync(Role.Administrator, "/settings/sessions", admin);
        await ExpectAccessibleAsync(admin);
        await admin.GetByRole(AriaRole.Row, new() { Name = "engineer@example.com" }).GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync(Soon);
        await Expect(admin.GetByRole(AriaRole.Row, new() { Name = "engineer@example.com" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Somebody_is_invited_joins_and_is_disabled()
    {
        Forgive("401");
        Forgive("connection");
        await SignInAsync(Role.Administrator, "/settings/people");
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Invite somebody" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        await Expect(Page.GetByText("Enter the mail address of the person you invite.")).ToBeVisibleAsync();
        await Page.GetByLabel("Mail address").FillAsync("li@example.com");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await Page.GetByTestId("secret").InnerTextAsync();
        await ExpectAccessibleAsync();

        var li = await OpenAsync();
        await li.GotoAsync(link);
        await ExpectAccessibleAsync(li);
        await li.GetByLabel("Your name").FillAsync("Li Wei");
        await li.GetByLabel("Password").FillAsync("drei kleine boote");
        await li.GetByRole(AriaRole.Button, new() { Name = "Join and sign in" }).ClickAsync();
        await Expect(li.GetByRole(AriaRole.Heading, new() { Name = "Welcome to PartnerPortal" })).ToBeVisibleAsync();

        await Expect(Page.GetByText("Li Wei").First).ToBeVisibleAsync(Soon);
        await Page.GetByRole(AriaRole.Row, new() { Name = "Li Wei" }).GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Expect(li.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync(Soon);
    }

    [Fact]
    public async Task A_token_is_made_shown_once_and_revoked()
    {
        await SignInAsync(Role.Administrator, "/settings/tokens?make=true");
        await Page.GetByLabel("What is it for?").FillAsync("nightly build");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the token" }).ClickAsync();
        Assert.StartsWith("ppk_", await Page.GetByTestId("secret").InnerTextAsync(), StringComparison.Ordinal);
        await ExpectAccessibleAsync();
        await Page.ReloadAsync();
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "nightly build" })).ToBeVisibleAsync();
        await Expect(Page.GetByTestId("secret")).ToHaveCountAsync(0);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(Page.GetByText("revoked")).ToBeVisibleAsync();
    }
}
