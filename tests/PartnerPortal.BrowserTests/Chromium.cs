using Microsoft.Playwright;

namespace PartnerPortal.BrowserTests;

/// <summary>One Chromium for the run. CHROMIUM_PATH names another one; without any the tests fail and say what to install.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;

    /// <summary>The running browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // A page that JavaScript and JIT meet for the first time may take a while on a small machine; a wait that succeeds costs nothing.
        Assertions.SetDefaultExpectTimeout(20_000);
        var path = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? (File.Exists("/usr/bin/chromium") ? "/usr/bin/chromium" : null);
        _playwright = await Playwright.CreateAsync();
        try
        {
            Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = Quiet });
        }
        catch (PlaywrightException e)
        {
            throw new InvalidOperationException("Chromium did not start. Install it with ./portal test --install, or name one in CHROMIUM_PATH.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
