using System.Net;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.UnitTests.Outbound;

public sealed class AllowedListTests
{
    [Theory]
    [InlineData("10.2.0.0/16", "10.2.200.1", 443, true)]
    [InlineData("10.2.0.0/16", "10.3.0.1", 443, false)]
    [InlineData("10.2.0.0/16:9100", "10.2.0.1", 9100, true)]
    [InlineData("10.2.0.0/16:9100", "10.2.0.1", 9101, false)]
    [InlineData("127.0.0.1", "127.0.0.1", 1, true)]
    [InlineData("127.0.0.1", "127.0.0.2", 1, false)]
    [InlineData("127.0.0.1:9100", "127.0.0.1", 9100, true)]
    [InlineData("127.0.0.1:9100", "127.0.0.1", 22, false)]
    [InlineData("fd00::/8", "fd12::1", 80, true)]
    [InlineData("::1", "::1", 80, true)]
    [InlineData("[::1]:9100", "::1", 9100, true)]
    [InlineData("[::1]:9100", "::1", 80, false)]
    [InlineData("::1/128:9100", "::1", 9100, true)]
    [InlineData("[fd00::]/8:9100", "fd00::5", 9100, true)]
    [InlineData("127.0.0.0/8", "::ffff:127.0.0.1", 80, false)]
    [InlineData("169.254.169.254/32", "169.254.169.254", 80, true)]
    [InlineData(" 10.0.0.0/8 , 127.0.0.1:9100 ", "127.0.0.1", 9100, true)]
    public void An_entry_covers_what_it_names_and_nothing_else(string list, string address, int port, bool covered) =>
        Assert.Equal(covered, AllowedList.Parse(list).Refuse(address, IPAddress.Parse(address), port) is null);

    [Theory]
    [InlineData("metrics.internal", "metrics.internal", 80, true)]
    [InlineData("metrics.internal", "METRICS.internal.", 80, true)]
    [InlineData("metrics.internal:9100", "metrics.internal", 9100, true)]
    [InlineData("metrics.internal:9100", "metrics.internal", 9200, false)]
    [InlineData("metrics.internal", "evil-metrics.internal", 80, false)]
    [InlineData("metrics.internal", "metrics.internal.evil.example", 80, false)]
    public void A_host_entry_covers_exactly_that_name(string list, string host, int port, bool covered) =>
        Assert.Equal(covered, AllowedList.Parse(list).Refuse(host, IPAddress.Parse("10.0.0.7"), port) is null);

    [Theory]
    [InlineData("10.0.0.0/33", "10.0.0.0/33")]
    [InlineData("10.0.0.1/8", "10.0.0.1/8")]
    [InlineData("010.0.0.1", "010.0.0.1")]
    [InlineData("0x7f.0.0.1/32", "0x7f.0.0.1/32")]
    [InlineData("2130706433", "2130706433")]
    [InlineData("127.1", "127.1")]
    [InlineData("localhost:0", "localhost:0")]
    [InlineData("localhost:70000", "localhost:70000")]
    [InlineData("localhost:http", "localhost:http")]
    [InlineData("http://localhost:9100", "http://localhost:9100")]
    [InlineData("10.0.0.0/8,*", "*")]
    [InlineData("a b", "a b")]
    [InlineData("10.0.0.0/", "10.0.0.0/")]
    [InlineData("/8", "/8")]
    public void An_entry_that_cannot_be_read_names_the_setting_and_itself(string list, string entry)
    {
        var fault = Assert.Throws<FormatException>(() => AllowedList.Parse(list));
        Assert.StartsWith("Portal__Outbound__Allowed: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{entry}\"", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,")]
    public void An_empty_setting_allows_nothing(string? list)
    {
        Assert.Equal(0, AllowedList.Parse(list).Count);
        Assert.NotNull(AllowedList.Parse(list).Refuse("127.0.0.1", IPAddress.Loopback, 80));
    }

    [Fact]
    public void Endpoints_of_the_configuration_are_allowed_on_their_host_and_port_only()
    {
        var list = AllowedList.Parse(null, new Uri("http://localhost:7070/metrics"), new Uri("https://[::1]:7071/"));
        Assert.Null(list.Refuse("localhost", IPAddress.Loopback, 7070));
        Assert.Null(list.Refuse("::1", IPAddress.IPv6Loopback, 7071));
        Assert.NotNull(list.Refuse("localhost", IPAddress.Loopback, 7071));
        Assert.NotNull(list.Refuse("127.0.0.1", IPAddress.Loopback, 7070));
    }
}
