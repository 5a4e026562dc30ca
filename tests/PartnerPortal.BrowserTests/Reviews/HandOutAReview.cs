using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Reviews;

public sealed class HandOutAReview(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_markdown_list_is_shown_first_and_then_becomes_a_checklist()
    {
        await SignInAsync(Role.Engineer, "/settings/checklists");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Import checklist" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Import checklist" })).ToBeVisibleAsync();
        await Page.GetByLabel("Or paste the text").FillAsync("openapi: 3.1.0\ninfo: {}\n");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show what is understood" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is an API description");

        await Page.GetByLabel("File", new() { Exact = true }).SetInputFilesAsync(new FilePayload
        {
            Name = "go-live.md",
            MimeType = "text/markdown",
            Buffer = "# Before we go live\n\nAsk these before the switch.\n\n## Load\n\nHow much they bear.\n\n- [ ] **Limit:** is there a limit on `calls/s`?\n- [ ] Who [raises](https://example.com/limit) it?\n\n```\nnot an item\n```\n\n## Support\n- [ ] Who answers at night?\n"u8.ToArray(),
        });
        await Expect(Page.GetByText("3 items", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Page.GetByText("Limit: is there a limit on calls/s?")).ToBeVisibleAsync();
        await Expect(Page.GetByText("One thing was left out or changed")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await PictureAsync("import");
        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
        await PictureAsync("import-phone");
        await Page.SetViewportSizeAsync(1280, 800);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create checklist" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Before we go live" })).ToBeVisibleAsync();
        await Expect(Page.GetByText("Who answers at night?")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Two_reviews_are_compared_and_one_is_printed()
    {
        var (first, second) = (await ReviewAsync("tunes", "Tunes Ltd"), await ReviewAsync("payfast", "Payfast Settlements of Northern Europe"));
        var reviews = App.Services.GetRequiredService<ReviewStore>();
        await reviews.AnswerAsync(first, "our-peak", new("passed", "120", "Measured in May, with a third kept in reserve."), 1, TestDatabase.Ana, Cancel);
        await reviews.AnswerAsync(second, "our-peak", new("failed", "300", "They allow 50."), 1, TestDatabase.Ana, Cancel);
        await reviews.AnswerAsync(first, "journeys-covered", new("passed", null, "Both agree.", ["https://wiki.example.com/journeys"]), 1, TestDatabase.Ana, Cancel);
        await SignInAsync(Role.Engineer, $"/reviews/compare?a={first}");
        await Page.GetByLabel("Compare with").SelectOptionAsync(second.ToString());
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Payfast" })).ToBeVisibleAsync();
        await Page.GetByLabel("Differences only").CheckAsync();
        await Expect(Page.Locator(".compare tbody tr")).ToHaveCountAsync(2);
        await Expect(Page.GetByText("They allow 50.")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await PictureAsync("compare");
        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
        await PictureAsync("compare-phone");

        await Page.GotoAsync($"/reviews/{first}/print");
        await Expect(Page.Locator(".paper")).ToContainTextAsync("Measured in May");
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
        await PictureAsync("print-phone");
        await Page.SetViewportSizeAsync(1280, 800);
        await ExpectAccessibleAsync();
        await PictureAsync("print");
        var pdf = await Page.PdfAsync(new() { PreferCSSPageSize = true, Path = Picture("print.pdf") });
        var pages = System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b");
        Assert.InRange(pages, 1, 8);

        await Page.GotoAsync($"/reviews/{first}/import");
        await Page.GetByLabel("Filled-in workbook").SetInputFilesAsync(new FilePayload { Name = "wrong.xlsx", MimeType = "application/zip", Buffer = "no workbook"u8.ToArray() });
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not an Excel workbook");
        await ExpectAccessibleAsync();
        await PictureAsync("answers");
    }

    private static string? Picture(string name) => Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") is { Length: > 0 } folder ? Path.Combine(folder, name) : null;

    // Pictures for whoever looks at the pages; only where a folder is named.
    private async Task PictureAsync(string name)
    {
        foreach (var scheme in Picture(name) is null ? [] : new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Page.ScreenshotAsync(new() { Path = Picture($"hand-out-{name}{(scheme == ColorScheme.Dark ? "-dark" : "")}.png"), FullPage = true });
        }

        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    private async Task<Guid> ReviewAsync(string slug, string name)
    {
        await App.Services.GetRequiredService<PartnerStore>().EnterAsync(new(Name: name, Slug: slug), null, TestDatabase.Ana, Cancel);
        return (await App.Services.GetRequiredService<ReviewStore>().StartAsync(slug, "main", "initial-technical-review", TestDatabase.Ana, Cancel)).Id;
    }
}
