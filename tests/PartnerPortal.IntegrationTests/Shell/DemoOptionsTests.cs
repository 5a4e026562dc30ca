using Microsoft.Extensions.Configuration;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.IntegrationTests.Shell;

public sealed class DemoOptionsTests
{
    private static readonly string Program = typeof(DemoOptionsTests).Assembly.Location;

    [Fact]
    public void Without_settings_there_is_no_demo() => Assert.False(Read(null, null, null).On);

    [Theory]
    [InlineData("http://localhost:5080", 5081)]
    [InlineData("http://127.0.0.1:7000;https://127.0.0.1:7443", 7001)]
    [InlineData("http://+:8080", 8081)]
    [InlineData("http://127.0.0.1:0", 5081)]
    [InlineData(null, 5081)]
    public void The_shop_listens_one_port_above_the_portal(string? urls, int port) =>
        Assert.Equal(new Uri($"http://127.0.0.1:{port}"), Read(Program, null, urls).Address);

    [Fact]
    public void A_shop_that_runs_elsewhere_needs_no_program()
    {
        var demo = Read(null, "http://sample-partner:5081", "http://+:8080");
        Assert.True(demo.On);
        Assert.Null(demo.SamplePartner);
        Assert.Equal("sample-partner", demo.Address.Host);
    }

    [Theory]
    [InlineData("/nowhere/Sample.dll", null, "Portal__Demo__SamplePartner")]
    [InlineData(null, "ftp://shop", "Portal__Demo__Url")]
    [InlineData(null, "shop:5081/", "Portal__Demo__Url")]
    public void A_setting_that_cannot_work_is_named(string? program, string? url, string setting) =>
        Assert.Contains(setting, Assert.Throws<FormatException>(() => Read(program, url, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_flag_does_not_swallow_the_argument_after_it() =>
        Assert.Equal(["--urls", "http://localhost:1"], new[] { "--demo", "--urls", "http://localhost:1" }.WithoutDemo());

    private static DemoOptions Read(string? program, string? url, string? urls)
    {
        var settings = new Dictionary<string, string?> { ["Portal:Demo:SamplePartner"] = program, ["Portal:Demo:Url"] = url };
        return DemoOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), urls);
    }
}
