using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Reviews;

/// <summary>The partner's engineer answers in their own browser. PORTAL_LOOK names a folder that gets the pictures.</summary>
public sealed class LetAGuestAnswer(TestServer server, Chromium chromium) : ReviewJourney(server, chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 15_000 };

    [Fact]
    public async Task A_guest_opens_the_link_answers_is_seen_by_us_and_is_sent_away()
    {
        Forgive("401");
        Forgive("connection");
        var (review, item) = await StartAsync();
        await SignInAsync(Role.Engineer, $"/reviews/{review}?item={item.Key}");
        await Expect(Page.Locator(".answer-form")).ToBeVisibleAsync();
        var link = await InviteAsync(review);

        var guest = await OpenAsync();
        await guest.GotoAsync(link);
        await Expect(guest.GetByText("engineer@example.com").First).ToBeVisibleAsync();
        await LookAsync(guest, "guest-landing");
        await guest.GetByLabel("Your name").FillAsync("Li Wei");
        await guest.GetByRole(AriaRole.Button, new() { Name = "Open the review" }).ClickAsync();
        await Expect(guest.GetByRole(AriaRole.Heading, new() { Name = "Initial technical review" })).ToBeVisibleAsync();
        await Expect(guest.GetByText("0 of ", new() { Exact = false }).First).ToBeVisibleAsync();
        await Expect(guest.Locator("nav[aria-label=Main]")).ToHaveCountAsync(0);
        await Expect(guest.GetByText("Blocker")).ToHaveCountAsync(0);
        await LookAsync(guest, "guest-review");

        await guest.GetByRole(AriaRole.Link, new() { Name = item.Question }).ClickAsync();
        await guest.GetByRole(AriaRole.Button, new() { Name = "Passed" }).ClickAsync();
        await Expect(guest.Locator($"#item-{item.Key} .chip.ok")).ToBeVisibleAsync();
        await guest.GetByLabel("Comment").PressSequentiallyAsync("one sandbox a developer");
        await Expect(guest.Locator(".answer-form .saved")).ToContainTextAsync("Saved ", new() { Timeout = 15_000 });
        await Expect(guest.GetByText("1 of ", new() { Exact = false }).First).ToBeVisibleAsync();
        await LookAsync(guest, "guest-answering");

        await Expect(Page.Locator($"#item-{item.Key} .marks")).ToContainTextAsync("li@tunes.example", new() { Timeout = 15_000 });
        await Expect(Page.GetByLabel("Comment")).ToHaveValueAsync("one sandbox a developer", new() { Timeout = 15_000 });

        await guest.GotoAsync("/guest");
        await Expect(guest.GetByRole(AriaRole.Link, new() { Name = "Initial technical review" })).ToBeVisibleAsync();
        await LookAsync(guest, "guest-list");
        await guest.GotoAsync("/");
        await Expect(guest.GetByRole(AriaRole.Heading, new() { Name = "Your reviews" })).ToBeVisibleAsync();
        await guest.GotoAsync(link);
        await guest.GetByRole(AriaRole.Link, new() { Name = "Open the review" }).ClickAsync();
        await Expect(guest.GetByRole(AriaRole.Heading, new() { Name = "Initial technical review" })).ToBeVisibleAsync();

        var row = Assert.Single(await Invitations.ListAsync(review, TestDatabase.Ana, Cancel));
        await Invitations.RevokeAsync(review, row.Id, TestDatabase.Ana, Cancel);
        await Expect(guest.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync(Soon);
        await guest.GotoAsync(link);
        await Expect(guest.GetByText("This link was taken back")).ToBeVisibleAsync();
        await LookAsync(guest, "guest-refused");
    }

    private async Task<(Guid Review, ChecklistItem Item)> StartAsync()
    {
        var review = await StartReviewAsync();
        var list = await Reviews.ChecklistAsync(review, TestDatabase.Ana, Cancel);
        return (review, list.Items.First(i => i is { Who: Answerer.Partner, Kind: ItemKind.YesNo, ShownWhen: "", EvidenceRequired: false, Tiers.Count: 0 }));
    }

    private async Task LookAsync(IPage page, string name)
    {
        foreach (var width in new[] { 1280, 390 })
        {
            await page.SetViewportSizeAsync(width, 844);
            await ExpectNoSidewaysScrollAsync(page);
            await ExpectAccessibleAsync(page);
            foreach (var scheme in Environment.GetEnvironmentVariable("PORTAL_LOOK") is null ? Array.Empty<ColorScheme>() : [ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.ScreenshotAsync(new() { Path = Path.Combine(Environment.GetEnvironmentVariable("PORTAL_LOOK")!, $"{name}-{width}-{scheme}.png") });
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1280, 800);
    }
}
