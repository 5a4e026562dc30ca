using System.Security.Cryptography;
using System.Text;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class DeliverySignatureTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_772_442_000);
    private static readonly string _secret = DeliverySignature.MakeSecret();
    private static readonly byte[] _body = Encoding.UTF8.GetBytes("""{"title":"Fällt aus"}""");

    [Fact]
    public void A_signature_is_the_HMAC_that_the_standard_describes()
    {
        Assert.Equal(32, Convert.FromBase64String(_secret["whsec_".Length..]).Length);
        var key = Encoding.ASCII.GetBytes("a key that everybody knows");
        var expected = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("msg_1.1772442000.{}")));
        Assert.Equal("v1," + expected, DeliverySignature.Of("whsec_" + Convert.ToBase64String(key), "msg_1", "1772442000", "{}"u8));
        Assert.Throws<FormatException>(() => DeliverySignature.Of("secret", "a", "1", "{}"u8));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(300, null)]
    [InlineData(-300, null)]
    [InlineData(301, "5 minutes")]
    [InlineData(-301, "5 minutes")]
    public void The_sender_s_clock_may_be_five_minutes_off(int off, string? sentence)
    {
        var at = (_now.ToUnixTimeSeconds() + off).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Expect(sentence, new("msg_1", at, DeliverySignature.Of(_secret, "msg_1", at, _body)));
    }

    [Fact]
    public void What_is_missing_wrong_or_another_s_is_refused()
    {
        var at = "1772442000";
        var good = DeliverySignature.Of(_secret, "msg_1", at, _body);
        Expect("Send webhook-id", new("", at, good));
        Expect("Send webhook-id", new("msg_1", "", good));
        Expect("Send webhook-id", new("msg_1", at, ""));
        Expect("not a number", new("msg_1", "soon", good));
        Expect("not a number", new("msg_1", "-5", good));
        Expect("5 minutes", new("msg_1", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture), good));
        Expect("255", new(new string('m', 256), at, good));
        Expect("not that of", new("msg_2", at, good));
        Expect("not that of", new("msg_1", "1772442001", good));
        Expect("not that of", new("msg_1", at, good[3..]));
        Expect("not that of", new("msg_1", at, "v2," + good[3..]));
        Expect("not that of", new("msg_1", at, DeliverySignature.Of(DeliverySignature.MakeSecret(), "msg_1", at, _body)));
        Expect("not that of", new("msg_1", at, DeliverySignature.Of(_secret, "msg_1", at, """{ "title":"Fällt aus"}"""u8)));
        Assert.NotNull(DeliverySignature.Fault([], new("msg_1", at, good), _body, _now));
    }

    [Fact]
    public void One_good_signature_of_several_is_enough_for_either_secret()
    {
        var (at, older) = ("1772442000", DeliverySignature.MakeSecret());
        var both = $"v1a,x v1,bad {DeliverySignature.Of(older, "m", at, _body)} {DeliverySignature.Of(DeliverySignature.MakeSecret(), "m", at, _body)}";
        Assert.Null(DeliverySignature.Fault([_secret, older], new("m", at, both), _body, _now));
        Assert.NotNull(DeliverySignature.Fault([_secret], new("m", at, both), _body, _now));
    }

    private static void Expect(string? sentence, SignedHeaders headers)
    {
        var fault = DeliverySignature.Fault([_secret], headers, _body, _now);
        if (sentence is null)
        {
            Assert.Null(fault);
        }
        else
        {
            Assert.Contains(sentence, fault, StringComparison.Ordinal);
        }
    }
}
