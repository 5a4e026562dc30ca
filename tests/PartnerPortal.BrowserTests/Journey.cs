using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests;

/// <summary>A journey through the running portal: a database of its own, a Kestrel, a page that fails the test on any console error.</summary>
public abstract class Journey(TestServer server, Chromium chromium) : IAsyncLifetime
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private readonly TestDatabase _database = new(server);
    private readonly List<string> _problems = [];
    private readonly List<string> _forgiven = [];
    private readonly List<IBrowserContext> _contexts = [];

    /// <summary>The portal.</summary>
    protected PortalApp App { get; private set; } = null!;

    /// <summary>What the browser shows.</summary>
    protected IPage Page { get; private set; } = null!;

    /// <summary>The portal's address; localhost, since passkeys refuse numbers.</summary>
    protected string Url { get; private set; } = "";

    /// <summary>Leads to the portal's database, for other processes on it.</summary>
    protected string ConnectionString => _database.ConnectionString;

    /// <summary>Settings of the portal under test.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>Ends what a journey started besides the portal.</summary>
    protected virtual ValueTask LeaveAsync() => ValueTask.CompletedTask;

    /// <summary>Width and height of the window.</summary>
    protected virtual ViewportSize Window { get; } = new() { Width = 1280, Height = 800 };

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await _database.UseRealTimeAsync();
        await StartPortalAsync(port: 0);
        Page = await OpenAsync();
    }

    /// <summary>Ends the portal under the open pages; <see cref="StartPortalAgainAsync"/> brings it back at the same address.</summary>
    protected ValueTask StopPortalAsync() => App.DisposeAsync();

    /// <summary>Starts another process's worth of portal over the same database and at the same address.</summary>
    protected Task StartPortalAgainAsync() => StartPortalAsync(new Uri(Url).Port);

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.CloseAsync();
        }

        await App.DisposeAsync();
        await LeaveAsync();
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.Empty(_problems);
    }

    /// <summary>Another window of its own, signed in as nobody; at another portal when its address is given.</summary>
    protected async Task<IPage> OpenAsync(ColorScheme scheme = ColorScheme.Light, string? url = null)
    {
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = url ?? Url, ViewportSize = Window, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        return page;
    }

    /// <summary>Signs the window in by the form.</summary>
    protected async Task SignInAsync(Role role, string to = "/", IPage? page = null)
    {
        page ??= Page;
        var person = await App.PersonAsync(role);
        await page.GotoAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(to));
        await page.GetByLabel("Mail address").FillAsync(person.Email!);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(PortalApp.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).Not.ToHaveTextAsync("Sign in");
    }

    /// <summary>Fails with the sentences of axe when the page has a serious or critical fault, in light and in dark.</summary>
    protected async Task ExpectAccessibleAsync(IPage? page = null)
    {
        page ??= Page;
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Axe);
        }

        // Of all rules only contrast knows light from dark.
        foreach (var (scheme, rules) in new[] { (ColorScheme.Light, "null"), (ColorScheme.Dark, "['color-contrast']") })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var faults = await page.EvaluateAsync<string[]>($$"""
                async () => {
                  const found = await axe.run(document, { resultTypes: ['violations'], ...({{rules}} && { runOnly: {{rules}} }) });
                  return found.violations.filter(v => ['serious', 'critical'].includes(v.impact))
                    .map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`);
                }
                """);
            Assert.True(faults.Length == 0, $"{scheme} {new Uri(page.Url).PathAndQuery}: {string.Join('\n', faults)}");
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    /// <summary>Fails when the page is wider than its window.</summary>
    protected async Task ExpectNoSidewaysScrollAsync(IPage? page = null)
    {
        page ??= Page;
        try
        {
            // Charts draw themselves anew a moment after the window changed.
            await page.WaitForFunctionAsync("() => document.documentElement.scrollWidth <= innerWidth + 1", null, new() { Timeout = 5000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{page.Url} scrolls sideways: {await page.EvaluateAsync<string>("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 160)).join(' | ')")}");
        }
    }

    /// <summary>Forgives console errors that hold this text, for journeys that break the connection on purpose.</summary>
    protected void Forgive(string text) => _forgiven.Add(text);

    private async Task StartPortalAsync(int port)
    {
        App = new PortalApp(_database, movableClock: false, await SettingsAsync());
        App.UseKestrel(port);
        App.StartServer();
        Url = App.ClientOptions.BaseAddress.ToString().TrimEnd('/').Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
    }

    private void Note(bool bad, string text)
    {
        if (bad && !_forgiven.Any(f => text.Contains(f, StringComparison.Ordinal)))
        {
            _problems.Add(text);
        }
    }
}
