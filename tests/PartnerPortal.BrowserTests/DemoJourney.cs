using Microsoft.AspNetCore.Builder;
using PartnerPortal.SamplePartner;
using PartnerPortal.TestKit;

namespace PartnerPortal.BrowserTests;

/// <summary>A journey through the demo: the sample partner really runs beside the portal.</summary>
public abstract class DemoJourney(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private readonly WebApplication _shop = SamplePartnerApp.Build(["--urls", "http://127.0.0.1:0"]);

    /// <summary>The sample partner's address.</summary>
    protected Uri Shop => new(_shop.Urls.Single());

    protected override async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        await _shop.StartAsync(TestContext.Current.CancellationToken);
        return new Dictionary<string, string> { ["Portal:Demo:Url"] = _shop.Urls.Single() };
    }

    protected override ValueTask LeaveAsync() => _shop.DisposeAsync();
}
