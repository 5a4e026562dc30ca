using PartnerPortal.Domain;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.UnitTests.Contacts;

public sealed class PhoneTests
{
    [Theory]
    [InlineData("+46812345678", "+46812345678")]
    [InlineData("+46 (0)8 123 456 78", "+46812345678")]
    [InlineData("+49 30 1234567", "+49301234567")]
    [InlineData("+1 (202) 555-0123", "+12025550123")]
    [InlineData("tel:+44-20-7946-0958", "+442079460958")]
    [InlineData("+39 06 1234 5678", "+390612345678")]
    public void Numbers_are_kept_in_E164(string typed, string kept)
    {
        var check = new FieldCheck();
        Assert.Equal(kept, Phone.Check(check, "phone", typed));
        Assert.True(check.Good);
    }

    [Theory]
    [InlineData("08 123 456 78", "country")]
    [InlineData("0046812345678", "country")]
    [InlineData("+46", "not a phone number")]
    [InlineData("+49 30 1", "too few digits")]
    [InlineData("+4681234567890123", "")]
    [InlineData("+999 123 456 789", "")]
    [InlineData("call me", "not a phone number")]
    [InlineData("+49 30 1234567 ext. 12", "extension")]
    public void What_cannot_be_dialled_is_refused_with_a_sentence(string typed, string because)
    {
        var check = new FieldCheck();
        Assert.Null(Phone.Check(check, "phone", typed));
        var refused = Assert.Throws<FieldsRefused>(check.ThrowIfRefused);
        Assert.Contains(because, refused.Errors["phone"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_shown_in_groups() => Assert.Equal("+44 20 7946 0958", Phone.Shown("+442079460958"));

    [Fact]
    public void A_number_outside_the_numbering_plan_is_doubtful()
    {
        Assert.True(Phone.Doubtful("+15550100123"));
        Assert.False(Phone.Doubtful("+12025550123"));
    }
}
