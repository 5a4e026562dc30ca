using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Npgsql;
using PartnerPortal.Benchmarks.Running;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Benchmarks.Reviews;

/// <summary>What answering a review costs: a real browser answers items of a review of 300 while relays count what passes to the database and over the wire.</summary>
internal static class AnswerBenchmark
{
    private const int Items = 300;
    private const int WarmPages = 20;
    private const string Email = "benchmark@example.com";
    private const string Password = "Benchmark-1-benchmark";

    // Later than the page's own pauses, so that everything that belongs to an answer has passed; seldom enough to leave timers out of the median.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(900);

    public static Command Make()
    {
        var answers = new Option<int>("--answers") { Description = "How many items are answered in each way.", DefaultValueFactory = _ => 30 };
        var pages = new Option<int>("--pages") { Description = "How many pages are opened to weigh one.", DefaultValueFactory = _ => 20 };
        var command = new Command("answers", "Round trips to the database and bytes over the wire per saved answer, and the portal's memory per open page of 300 items. Starts a portal of its own; needs Chromium. Fails when a promise is broken.") { answers, pages };
        command.SetAction((parsed, cancel) => Benchmark.GuardAsync(() => RunAsync(parsed.GetValue(answers), parsed.GetValue(pages), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(int answers, int pages, CancellationToken cancel)
    {
        Machine.Describe();
        // Not a private folder: PostgreSQL may run as another user.
        var scratch = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "bench-answers-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            await using var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataDirectory = scratch, BundledRoot = Environment.GetEnvironmentVariable("Portal__Postgres__Bundled") }, cancel);
            var direct = new NpgsqlConnectionStringBuilder(server.ConnectionString);
            await using var toDatabase = new Relay(direct.Port, about: "reviews.");
            var relayed = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = toDatabase.Port };
            await using var portal = await PortalProcess.StartAsync(
                relayed.ConnectionString, Path.Combine(scratch, "data"), "", cancel, ("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_GCgen0size", "400000"));
            await using var toPortal = new Relay(portal.Client.Address.Port);
            var review = await FillAsync(portal.Client, cancel);

            using var playwright = await Playwright.CreateAsync();
            await using var browser = await LaunchAsync(playwright);
            var page = await SignInAsync(browser, toPortal.Port);
            await page.GotoAsync($"/reviews/{review}?item=item-0");
            await page.Locator(".answer-form").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            var states = await MeasureAsync(page, 1, answers, toDatabase, toPortal, key => page.Keyboard.PressAsync("1").ContinueWith(_ => key, cancel), key => $"#{key} .chip.ok", cancel);
            var texts = await MeasureAsync(page, 1 + answers, answers, toDatabase, toPortal, async key =>
            {
                await page.GetByLabel("Comment").FillAsync($"Agreed on the first call; their engineers sent the table for {key}.");
                await page.GetByLabel("Comment").BlurAsync();
                return key;
            }, key => $"#{key} .answer-form .saved", cancel);
            var kept = Say("a state", states) & Say("a comment", texts);
            await page.Context.CloseAsync();

            var weight = await WeighAsync(browser, toPortal.Port, portal.Id, review, pages, cancel);
            kept &= Goals.Keep($"memory of an open page of {Items} items", 2, weight, "MB");
            Machine.DescribeLoad("at the end");
            return Goals.Write() && kept ? Benchmark.Good : Benchmark.TooSlow;
        }
        catch (PostgresUnavailableException unavailable)
        {
            throw new CannotRun(unavailable.Message);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static bool Say(string what, List<(double Turns, double Bytes)> measured) =>
        Goals.Keep($"round trips to the database to save {what}, median of {measured.Count}", 3, Median(measured.Select(m => m.Turns)), "")
        & Goals.Keep($"over the wire to save {what}, both directions, median", 4, Median(measured.Select(m => m.Bytes)) / 1024, "KB");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    // Moves to each item, lets that settle, and counts only what answering it makes pass.
    private static async Task<List<(double Turns, double Bytes)>> MeasureAsync(
        IPage page, int first, int count, Relay toDatabase, Relay toPortal, Func<string, Task<string>> answer, Func<string, string> done, CancellationToken cancel)
    {
        List<(double, double)> measured = [];
        for (var at = first; at < first + count; at++)
        {
            var key = $"item-item-{at}";
            await page.Locator($"#{key} a.question").ClickAsync();
            await page.Locator($"#{key} .answer-form").WaitForAsync();
            await Task.Delay(Settled, cancel);
            var (turns, bytes) = (toDatabase.Turns, toPortal.Bytes);
            await answer(key);
            await page.Locator(done(key)).First.WaitForAsync();
            await Task.Delay(Settled, cancel);
            measured.Add((toDatabase.Turns - turns, toPortal.Bytes - bytes));
        }

        return measured;
    }

    // Some pages first, so that what all share, pools of buffers above all, is not weighed.
    private static async Task<double> WeighAsync(IBrowser browser, int port, int process, string review, int pages, CancellationToken cancel)
    {
        var first = await SignInAsync(browser, port);
        await OpenAsync(first.Context, review, WarmPages);
        await Task.Delay(Settled, cancel);
        var before = ProcessTree.Memory([process]);
        await OpenAsync(first.Context, review, pages);
        await Task.Delay(Settled, cancel);
        var after = ProcessTree.Memory([process]);
        await first.Context.CloseAsync();
        return (after - before) / 1024.0 / 1024.0 / pages;
    }

    private static async Task OpenAsync(IBrowserContext context, string review, int pages)
    {
        for (var n = 0; n < pages; n++)
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync($"/reviews/{review}?item=item-{n}");
            await page.Locator(".answer-form").WaitForAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        }
    }

    private static async Task<IPage> SignInAsync(IBrowser browser, int port)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}") });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Mail address").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Locator("nav[aria-label=Main]").WaitForAsync();
        return page;
    }

    private static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        try
        {
            var path = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? (File.Exists("/usr/bin/chromium") ? "/usr/bin/chromium" : null);
            return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] });
        }
        catch (PlaywrightException)
        {
            throw new CannotRun("Chromium did not start. Install it (Debian: apt-get install --no-install-recommends chromium), or name one in CHROMIUM_PATH.");
        }
    }

    private static async Task<string> FillAsync(PortalClient portal, CancellationToken cancel)
    {
        var sections = Enumerable.Range(0, 10).Select(s => new
        {
            key = $"section-{s}",
            title = $"Section {s}",
            items = Enumerable.Range(s * Items / 10, Items / 10).Select(i => new
            {
                key = $"item-{i}",
                question = $"Is promise {i} of the contract's technical annex kept by both sides?",
                kind = "yes/no",
                severity = "major",
                who = "both",
                why = "What is not written down before the contract is argued about after the first outage.",
                good = "A yes with the name of who said so, and where it is written.",
            }),
        });
        await portal.PostAsync("/api/v1/checklist-templates", JsonSerializer.Serialize(new { slug = "long", title = "Long review", sections }), "application/json", cancel);
        await portal.PostAsync("/api/v1/partners", """{"name":"Tunes Ltd","slug":"tunes"}""", "application/json", cancel);
        return (await portal.PostAsync("/api/v1/partners/tunes/reviews", """{"template":"long"}""", "application/json", cancel)).GetProperty("id").GetString()!;
    }
}
