using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PartnerPortal.IntegrationTests.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.SamplePartner;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.IntegrationTests.Shell;

public sealed class DemoShopTests
{
    [Fact]
    public async Task The_shop_is_broken_and_mended_through_the_guarded_client()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var http = GuardFor(shop.Http.BaseAddress!);
        var demo = new DemoShopClient(http, new DemoOptions { Url = shop.Http.BaseAddress });
        Assert.Empty((await demo.FaultsAsync(cancel))!);
        await demo.BreakAsync("outage", cancel);
        var fault = Assert.Single((await demo.FaultsAsync(cancel))!);
        Assert.Equal("outage", fault.Kind);
        Assert.Equal(TimeSpan.FromMinutes(10), fault.EndsAt - fault.StartedAt);
        await demo.MendAsync(cancel);
        Assert.Empty((await demo.FaultsAsync(cancel))!);
    }

    [Fact]
    public async Task A_fault_that_the_shop_does_not_know_is_said_to_the_caller()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var http = GuardFor(shop.Http.BaseAddress!);
        var demo = new DemoShopClient(http, new DemoOptions { Url = shop.Http.BaseAddress });
        var refused = await Assert.ThrowsAsync<OutboundException>(() => demo.BreakAsync("earthquake", TestContext.Current.CancellationToken));
        Assert.Contains("422", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_port_of_the_shop_is_allowed()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        await using var other = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var http = GuardFor(shop.Http.BaseAddress!);
        Assert.NotNull(await new DemoShopClient(http, new DemoOptions { Url = shop.Http.BaseAddress }).FaultsAsync(TestContext.Current.CancellationToken));
        Assert.Null(await new DemoShopClient(http, new DemoOptions { Url = other.Http.BaseAddress }).FaultsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_child_starts_answers_and_is_gone_after_the_stop()
    {
        var cancel = TestContext.Current.CancellationToken;
        var options = new DemoOptions { SamplePartner = typeof(SamplePartnerApp).Assembly.Location, Url = FreeAddress() };
        using var http = GuardFor(options.Url);
        var demo = new DemoShopClient(http, options);
        using var process = new DemoPartnerProcess(options, NullLogger<DemoPartnerProcess>.Instance);
        await process.StartAsync(cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (await demo.FaultsAsync(patience.Token) is null)
        {
            await Task.Delay(50, patience.Token);
        }

        await process.StopAsync(cancel);
        Assert.Null(await demo.FaultsAsync(cancel));
    }

    private static GuardedHttpClient GuardFor(Uri shop) => new(AllowedList.Parse(null, [shop]));

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
