using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.UnitTests.Outbound;

public sealed class OutboundRegistrationTests
{
    [Theory]
    [InlineData("Allowed", "10.0.0.0/40", "Portal__Outbound__Allowed: ")]
    [InlineData("PerDestination", "many", "Portal__Outbound__PerDestination: ")]
    [InlineData("PerDestination", "0", "Portal__Outbound__PerDestination: ")]
    [InlineData("AuthoritiesFile", "/nowhere/authorities.pem", "Portal__Outbound__AuthoritiesFile: ")]
    public void A_setting_that_cannot_be_used_stops_the_start_and_is_named(string key, string value, string named)
    {
        var fault = Assert.Throws<FormatException>(() => Services((key, value)));
        Assert.StartsWith(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_allowed_list_of_the_host_is_the_setting_and_the_endpoints_of_the_configuration()
    {
        var services = new ServiceCollection().AddGuardedOutbound(Configuration(("Allowed", "127.0.0.1:9100")));
        services.Configure<OutboundOptions>(o => o.Endpoints.Add(new Uri("http://localhost:5081/")));
        using var host = services.BuildServiceProvider();
        var address = host.GetRequiredService<OutboundAddress>();
        Assert.Null(address.Check("http://127.0.0.1:9100/metrics"));
        Assert.Null(address.Check("http://localhost:5081/metrics"));
        Assert.NotNull(address.Check("http://localhost:5082/metrics"));
        Assert.Same(host.GetRequiredService<GuardedHttpClient>(), host.GetRequiredService<GuardedHttpClient>());
    }

    private static void Services(params (string Key, string Value)[] settings) => new ServiceCollection().AddGuardedOutbound(Configuration(settings));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Portal:Outbound:" + s.Key, (string?)s.Value))).Build();
}
