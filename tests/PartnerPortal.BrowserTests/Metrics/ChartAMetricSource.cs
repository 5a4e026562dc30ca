using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using PartnerPortal.Domain.Access;
using PartnerPortal.SamplePartner;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Metrics;

public sealed class ChartAMetricSource(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private readonly WebApplication _shop = SamplePartnerApp.Build(["--urls", "http://127.0.0.1:0"]);

    protected override async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        await _shop.StartAsync(TestContext.Current.CancellationToken);
        return new Dictionary<string, string> { ["Portal:Outbound:Allowed"] = $"127.0.0.1/32:{new Uri(_shop.Urls.Single()).Port}" };
    }

    protected override ValueTask LeaveAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task From_an_address_to_a_chart_that_moves()
    {
        await SignInAsync(Role.Engineer, "/partners/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Tunes");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add partner" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Tunes" })).ToBeVisibleAsync();

        await Page.GotoAsync("/partners/tunes/metric-sources/new");
        await Page.GetByLabel("Address of the metrics page").FillAsync("http://169.254.169.254/metrics");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("shop");
        await Page.GetByLabel("Every").FillAsync("1s");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add source" }).ClickAsync();
        await Expect(Page.GetByText("Portal__Outbound__Allowed").First).ToBeVisibleAsync();
        await ExpectAccessibleAsync();

        await Page.GetByLabel("Address of the metrics page").FillAsync(_shop.Urls.Single() + "/metrics");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await Expect(Page.GetByText("It works").First).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add source" }).ClickAsync();
        await Expect(Page.Locator("main").GetByText("Up", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await ExpectAccessibleAsync();

        await Page.GotoAsync("/partners/tunes/charts");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start with suggestions" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "15 min" }).ClickAsync();
        var drawn = Page.Locator(".apexcharts-series path").First;
        await Expect(drawn).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var before = await drawn.GetAttributeAsync("d");
        await Expect(drawn).Not.ToHaveAttributeAsync("d", before!, new() { Timeout = 30_000 });
        await ExpectAccessibleAsync();

        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();
    }
}
