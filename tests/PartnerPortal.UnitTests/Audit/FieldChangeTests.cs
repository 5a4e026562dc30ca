using PartnerPortal.Domain.Audit;

namespace PartnerPortal.UnitTests.Audit;

public sealed class FieldChangeTests
{
    [Fact]
    public void Only_what_differs_is_told_in_words() =>
        Assert.Equal(
            [new("Mail address", null, "tunes@example.com"), new("Owner", "ana@example.com", null), new("Tags", "music", "music, eu")],
            FieldChange.Between(
                """{"name":"Tunes","mailAddress":null,"owner":"ana@example.com","tags":["music"]}""",
                """{"name":"Tunes","mailAddress":"tunes@example.com","owner":"","tags":["music","eu"]}"""));

    [Fact]
    public void Parts_are_named_by_their_way() =>
        Assert.Equal(
            [new("Impact · kill switch", "flag a", "flag b"), new("Links 1 · url", "https://a", "https://b"), new("Links 2 · kind", null, "status")],
            FieldChange.Between(
                """{"impact":{"killSwitch":"flag a"},"links":[{"kind":"docs","url":"https://a"}]}""",
                """{"impact":{"killSwitch":"flag b"},"links":[{"kind":"docs","url":"https://b"},{"kind":"status"}]}"""));

    [Fact]
    public void What_was_added_or_removed_has_one_side() =>
        Assert.Equal(
            [new("Name", null, "Bo"), new("Confirmed at", null, "2026-11-23 02:12:00 UTC"), new("Active", null, "no"), new("Order", null, "2")],
            FieldChange.Between(null, """{"name":"Bo","role":"","confirmedAt":"2026-11-23T03:12:00+01:00","active":false,"order":2}"""));
}
