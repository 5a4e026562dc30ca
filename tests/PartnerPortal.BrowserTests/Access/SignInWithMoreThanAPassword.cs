using Microsoft.Playwright;
using OtpNet;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Access;

public sealed class SignInWithMoreThanAPassword(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    [Fact]
    public async Task A_passkey_is_added_named_and_signs_in()
    {
        await GiveAnAuthenticatorAsync();
        await SignInAsync(Role.Engineer, "/account");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Expect(Page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        await Page.GetByLabel("Name of the passkey").FillAsync("Work laptop");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Expect(Page.GetByLabel("Name of the passkey")).ToHaveValueAsync("Work laptop");
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        // The sign-in page offers the passkey by itself; the virtual authenticator accepts at once.
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Welcome to PartnerPortal" })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Page.GotoAsync("/account");
        await Expect(Page.GetByText("passkey ·")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(Page.GetByText("The passkey is removed.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_second_step_asks_for_a_code_that_works_once_and_recovery_codes_replace_it()
    {
        await SignInAsync(Role.Operator, "/account/second-step");
        var key = (await Page.Locator("span.mono").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await Expect(Page.Locator("img.qr")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        var totp = new Totp(Base32Encoding.ToBytes(key));
        await Page.GetByLabel("Code").FillAsync("000000");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Switch it on" }).ClickAsync();
        await Expect(Page.GetByText("This code is wrong")).ToBeVisibleAsync();
        var first = totp.ComputeTotp();
        await Page.GetByLabel("Code").FillAsync(first);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Switch it on" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "The second step is on" })).ToBeVisibleAsync();
        var codes = await Page.Locator(".codes li").AllInnerTextsAsync();
        Assert.Equal(10, codes.Count);
        await ExpectAccessibleAsync();

        var other = await OpenAsync();
        await PasswordAsync(other);
        await other.GetByLabel("Code").FillAsync(first);
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(other.GetByText("wrong or was used already")).ToBeVisibleAsync();
        await ExpectAccessibleAsync(other);
        // The next step's code is accepted already, for clocks that run ahead.
        await other.GetByLabel("Code").FillAsync(totp.ComputeTotp(TimeProvider.System.GetUtcNow().AddSeconds(30).UtcDateTime));
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Welcome to PartnerPortal" })).ToBeVisibleAsync();

        var third = await OpenAsync();
        await RecoverAsync(third, codes[0]);
        await Expect(third.GetByRole(AriaRole.Heading, new() { Name = "Welcome to PartnerPortal" })).ToBeVisibleAsync();
        var fourth = await OpenAsync();
        await RecoverAsync(fourth, codes[0]);
        await Expect(fourth.GetByText("wrong or was used already")).ToBeVisibleAsync();
    }

    private static async Task RecoverAsync(IPage page, string code)
    {
        await PasswordAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "enter a recovery code" }).ClickAsync();
        await page.GetByLabel("Recovery code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private static async Task PasswordAsync(IPage page)
    {
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Mail address").FillAsync("operator@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(PartnerPortal.Tests.PortalApp.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Enter your code" })).ToBeVisibleAsync();
    }

    private async Task GiveAnAuthenticatorAsync()
    {
        var devtools = await Page.Context.NewCDPSessionAsync(Page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
