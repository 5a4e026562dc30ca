using System.Net;
using System.Net.Sockets;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.UnitTests.Outbound;

public sealed class OutboundAddressTests
{
    private static readonly OutboundAddress Nothing = new(AllowedList.Empty);

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.0.0.1:9100/metrics")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0177.0x0.0.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://１２７.０.０.１/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST:8080/")]
    [InlineData("http://localhost./")]
    [InlineData("http://app.localhost/")]
    [InlineData("http://0/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://172.31.255.254/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://0xa9fea9fe/")]
    [InlineData("http://0251.0376.0251.0376/")]
    [InlineData("http://169.254.170.2/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://240.0.0.1/")]
    [InlineData("http://198.18.0.1/")]
    [InlineData("http://192.0.2.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/")]
    [InlineData("http://[0000:0000:0000:0000:0000:0000:0000:0001]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::ffff:8.8.8.8]/")]
    [InlineData("http://[::ffff:0:127.0.0.1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[64:ff9b::169.254.169.254]/")]
    [InlineData("http://[64:ff9b:1::1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[2001:0:1::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[fd20:ce::254]/")]
    [InlineData("http://[fc00::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[fec0::1]/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("http://[4000::1]/")]
    public void A_loopback_private_or_metadata_address_is_refused_however_it_is_spelled(string url)
    {
        var sentence = Nothing.Check(url);
        Assert.NotNull(sentence);
        Assert.Contains("Portal__Outbound__Allowed=", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://partner.example/metrics")]
    [InlineData("http://8.8.8.8:9100/")]
    [InlineData("http://134744072/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://172.32.0.1/")]
    [InlineData("https://100.128.0.1/")]
    [InlineData("https://mylocalhost/")]
    [InlineData("https://bücher.example/")]
    public void A_public_address_or_a_name_passes(string url) => Assert.Null(Nothing.Check(url));

    [Theory]
    [InlineData(null, "Enter a URL")]
    [InlineData("  ", "Enter a URL")]
    [InlineData("partner", "This is not a URL")]
    [InlineData("/metrics", "cannot be called")]
    [InlineData("file:///etc/passwd", "\"file:\" cannot be called")]
    [InlineData("ftp://partner.example/", "\"ftp:\" cannot be called")]
    [InlineData("gopher://partner.example/", "\"gopher:\" cannot be called")]
    [InlineData("javascript:alert(1)", "\"javascript:\" cannot be called")]
    [InlineData("http://user:pw@partner.example/", "put it into a header")]
    [InlineData("http://partner.example@127.0.0.1/", "put it into a header")]
    [InlineData("http://@127.0.0.1/", "put it into a header")]
    [InlineData("http://partner.example:0/", "a port from 1 to 65535")]
    [InlineData("http://partner.example:99999/", "This is not a URL")]
    [InlineData("http:///metrics", "This is not a URL")]
    [InlineData("http://%31%32%37.0.0.1/", "This is not a URL")]
    public void What_is_no_callable_URL_gets_a_sentence(string? url, string part)
    {
        var sentence = Nothing.Check(url);
        Assert.NotNull(sentence);
        Assert.Contains(part, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_URL_is_refused() => Assert.Contains("2048", Nothing.Check("https://a.example/" + new string('x', 3000))!, StringComparison.Ordinal);

    [Fact]
    public void The_sentence_names_the_address_and_the_setting_that_would_allow_it()
    {
        Assert.Equal(
            "127.0.0.1 is a loopback address. Portals call partners on public addresses only; set Portal__Outbound__Allowed=127.0.0.1/32:9100 to allow it.",
            Nothing.Check("http://127.0.0.1:9100/metrics"));
        Assert.Equal(
            "169.254.169.254 is a cloud metadata address. Portals call partners on public addresses only; add 169.254.169.254/32:80 to Portal__Outbound__Allowed to allow it.",
            new OutboundAddress(AllowedList.Parse("10.0.0.0/8")).Check("http://169.254.169.254/"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9100/")]
    [InlineData("http://10.1.2.3:8080/")]
    [InlineData("http://[::1]:9100/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://localhost:9100/")]
    public void Following_the_sentence_makes_the_address_pass(string url)
    {
        var sentence = Nothing.Check(url)!;
        var entry = sentence.Split("Portal__Outbound__Allowed=")[1].Split(' ')[0];
        Assert.Null(new OutboundAddress(AllowedList.Parse(entry)).Check(url));
    }

    [Fact]
    public void Localhost_passes_when_its_address_is_allowed() =>
        Assert.Null(new OutboundAddress(AllowedList.Parse("127.0.0.1/32:9100")).Check("http://localhost:9100/"));

    [Fact]
    public async Task A_name_that_leads_only_to_refused_addresses_is_refused_on_save()
    {
        var address = new OutboundAddress(AllowedList.Empty, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.5"), IPAddress.IPv6Loopback]));
        Assert.Equal(
            "shop.example leads to 10.0.0.5, which is an address of a private network. Portals call partners on public addresses only; set Portal__Outbound__Allowed=shop.example:443 to allow it.",
            await address.CheckAsync("https://shop.example/", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_name_with_one_public_address_or_none_at_all_passes_on_save()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var mixed = new OutboundAddress(AllowedList.Empty, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.5"), IPAddress.Parse("8.8.8.8")]));
        var unknown = new OutboundAddress(AllowedList.Empty, (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        var slow = new OutboundAddress(AllowedList.Empty, async (_, c) => { await Task.Delay(Timeout.Infinite, c); return []; });
        Assert.Null(await mixed.CheckAsync("https://shop.example/", cancellation));
        Assert.Null(await unknown.CheckAsync("https://shop.example/", cancellation));
        Assert.Null(await slow.CheckAsync("https://shop.example/", cancellation));
    }

    [Fact]
    public void Every_address_outside_the_global_unicast_block_of_IPv6_is_described()
    {
        foreach (var first in Enumerable.Range(0, 256))
        {
            var bytes = new byte[16];
            (bytes[0], bytes[1], bytes[15]) = ((byte)first, 0x70, 9);
            Assert.Equal(first is >= 0x20 and < 0x40, AddressRange.Describe(new IPAddress(bytes)) is null);
        }
    }
}
