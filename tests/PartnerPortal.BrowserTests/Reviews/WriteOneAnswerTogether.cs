using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;
using PartnerPortal.Torture;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Reviews;

/// <summary>Two engineers and a guest on one answer, over two portal processes; the process of two of them is killed while they type.</summary>
public sealed class WriteOneAnswerTogether(TestServer server, Chromium chromium) : ReviewJourney(server, chromium)
{
    private const string Drafts = "Object.keys(localStorage).some(key => key.startsWith('portal-answer:'))";
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-killed-").FullName;
    private readonly List<string> _written = [];
    private PortalProcess? _killed;
    private readonly HashSet<string> _conflicts = [];

    [Fact]
    public async Task Every_text_is_kept_and_every_conflict_is_shown_although_their_portal_is_killed()
    {
        foreach (var expected in new[] { "WebSocket", "ERR_", "Failed to fetch", "onnection", "server" })
        {
            Forgive(expected);
        }

        var (review, key, link) = await StartAsync();
        var port = PortalProcess.FreePort();
        _killed = await LaunchAsync(port);
        var theirs = $"http://localhost:{port}";
        var path = $"/reviews/{review}?item={key}";

        await SignInAsync(Role.Engineer, path);
        var second = await OpenAsync(url: theirs);
        await SignInAsync(Role.Operator, path, second);
        var guest = await OpenAsync(url: theirs);
        await guest.GotoAsync(link);
        await guest.GetByLabel("Your name").FillAsync("Li Wei");
        await guest.GetByRole(AriaRole.Button, new() { Name = "Open the review" }).ClickAsync();
        await Expect(guest.GetByRole(AriaRole.Heading, new() { Name = "Initial technical review" })).ToBeVisibleAsync();
        await guest.GotoAsync($"/guest{path}");
        IPage[] pages = [Page, second, guest];
        foreach (var page in pages)
        {
            await Expect(page.GetByLabel("Comment")).ToBeVisibleAsync();
        }

        // Who is slow may see the other's text before writing: then there is nothing to settle, and they try again.
        for (var round = 1; round <= 5 && _conflicts.Count < 2; round++)
        {
            await WriteAtOnceAsync(pages, $"round {round}:");
            await SettleAsync(pages);
            await AgreeAsync(pages, review, key);
        }

        Assert.True(_conflicts.Count >= 2, $"three texts from one version make two conflicts, {_conflicts.Count} were shown");

        // The texts of two are typed, not yet sent, when their portal dies; the third one saves meanwhile.
        var shown = _conflicts.Count;
        for (var kill = 1; kill <= 3 && _conflicts.Count == shown; kill++)
        {
            await WriteAtOnceAsync(pages, $"before kill {kill}:");
            await _killed.KillAsync();
            await _killed.DisposeAsync();
            await SettleAsync([Page]);
            _killed = await LaunchAsync(port);
            await SettleAsync(pages);
            await AgreeAsync(pages, review, key);
        }

        Assert.True(_conflicts.Count > shown, "what was typed before the kill met what was saved during it, and no conflict was shown");
        await WriteAtOnceAsync(pages, "at last:");
        await SettleAsync(pages);
        await AgreeAsync(pages, review, key);

        var history = await Reviews.HistoryAsync(review, key, TestDatabase.Ana, Cancel);
        Assert.All(_written, text => Assert.Contains(history, version => version.Comment.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(3, history.Where(version => version.By != TestDatabase.Ana.Name).Select(version => version.By).Distinct().Count());
    }

    protected override async ValueTask LeaveAsync()
    {
        if (_killed is not null)
        {
            await _killed.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Task WriteAtOnceAsync(IPage[] pages, string round) =>
        Task.WhenAll(pages.Select((page, at) => WriteAsync(page, $"{round} text of {at switch { 0 => "the engineer", 1 => "the operator", _ => "the guest" }}")));

    private async Task WriteAsync(IPage page, string text)
    {
        lock (_written)
        {
            _written.Add(text);
        }

        var comment = page.GetByLabel("Comment");
        await comment.FillAsync($"{await comment.InputValueAsync()}\n{text}".Trim());
    }

    // Until nothing waits in any browser; whoever is shown a conflict keeps both texts. A page whose portal was killed loads itself anew meanwhile.
    private async Task SettleAsync(IPage[] pages)
    {
        foreach (var page in pages)
        {
            for (var tries = 0; await IsUnsettledAsync(page); tries++)
            {
                Assert.True(tries < 20, $"a text still waits in the browser: {await page.Locator("main").InnerTextAsync()}");
            }
        }
    }

    private async Task<bool> IsUnsettledAsync(IPage page)
    {
        try
        {
            await page.WaitForFunctionAsync($"() => !({Drafts}) || document.querySelector('.conflict-card')", null, new() { Timeout = 60_000 });
            if (!await page.EvaluateAsync<bool>($"() => {Drafts}"))
            {
                return false;
            }

            var card = page.Locator(".conflict-card");
            _conflicts.Add(await card.InnerTextAsync(new() { Timeout = 2000 }));
            await card.GetByRole(AriaRole.Button, new() { Name = "Keep both texts" }).ClickAsync(new() { Timeout = 2000 });
            await page.WaitForFunctionAsync($"() => !({Drafts})", null, new() { Timeout = 5000 });
        }
        catch (Exception e) when (e is TimeoutException or PlaywrightException)
        {
            // The page was loaded anew under the click, or somebody saved in the same moment: look again.
        }

        return true;
    }

    // Before the next round everybody reads what is stored.
    private async Task AgreeAsync(IPage[] pages, Guid review, string key)
    {
        var sheet = await Reviews.GetAsync(review, TestDatabase.Ana, Cancel);
        foreach (var page in pages)
        {
            await Expect(page.GetByLabel("Comment")).ToHaveValueAsync(sheet.AnswerTo(key)!.Comment);
        }
    }

    private Task<PortalProcess> LaunchAsync(int port) => PortalProcess.StartAsync(
        _folder, Cancel,
        ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("ConnectionStrings__Portal", ConnectionString),
        ("Portal__Security__KeyEncryptionKey", Convert.ToBase64String(new byte[32])));

    private async Task<(Guid Review, string Key, string Link)> StartAsync()
    {
        var review = await StartReviewAsync();
        var item = (await Reviews.ChecklistAsync(review, TestDatabase.Ana, Cancel)).Items.First(i => i is { Who: not Answerer.Us, Kind: ItemKind.YesNo, ShownWhen: "", EvidenceRequired: false, Tiers.Count: 0 });
        return (review, item.Key, await InviteAsync(review));
    }
}
