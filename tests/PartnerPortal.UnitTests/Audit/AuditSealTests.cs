using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.UnitTests.Audit;

public sealed class AuditSealTests
{
    private static readonly Guid Id = Guid.Parse("0190a5c1-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset At = new(2026, 11, 23, 3, 12, 0, 123, 456, TimeSpan.FromHours(1));

    [Fact]
    public void The_hash_of_a_row_never_changes_between_versions_of_the_portal() =>
        // Kept logs must verify for ever: a new form of the bytes needs a new first word, not a new value here.
        Assert.Equal("82e6552e9a66cdba5fc7774c2ec2b59ab3eac2177f22d705d5f889a90db29ca7", Hex(Row()));

    [Fact]
    public void Every_part_of_a_row_counts()
    {
        var hashes = new[]
        {
            Hex(Row()),
            Hex(Row(), position: 2),
            Hex(Row(), previous: 1),
            Hex(Row(by: new(null, "li@example.com", Role.Viewer))),
            Hex(Row(by: new(Id, "ana@example.com", Role.Viewer))),
            Hex(Row(by: new(null, "ana@example.com", Role.Viewer, "api"))),
            Hex(Row(title: "Tunes ")),
            Hex(Row(partner: Id)),
            Hex(Row(after: null)),
            Hex(Row(after: "")),
            Hex(Row(at: At.AddTicks(10))),
        };
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void A_border_between_fields_cannot_be_moved() =>
        Assert.NotEqual(
            Hex(new(Id, At, new(null, "ab", Role.Viewer, "c"), new("partner", Id, "", null), "added", null, null)),
            Hex(new(Id, At, new(null, "a", Role.Viewer, "bc"), new("partner", Id, "", null), "added", null, null)));

    [Fact]
    public void A_head_is_read_as_it_was_written_down()
    {
        var head = new AuditHead(17, new string('a', 64));
        Assert.True(AuditHead.TryParse(head + "\n", out var read));
        Assert.Equal(head, read);
        Assert.False(AuditHead.TryParse("17", out _));
        Assert.False(AuditHead.TryParse("x:" + new string('a', 64), out _));
        Assert.False(AuditHead.TryParse("17:" + new string('g', 64), out _));
    }

    private static AuditEntry Row(Actor? by = null, string title = "Tunes", Guid? partner = null, string? after = "{}", DateTimeOffset? at = null) =>
        new(Id, at ?? At, by ?? new(null, "ana@example.com", Role.Viewer), new("partner", Id, title, partner), "added", null, after);

    private static string Hex(AuditEntry row, long position = 1, byte previous = 0) =>
        Convert.ToHexStringLower(AuditSeal.Of([.. Enumerable.Repeat(previous, 32)], row, position));
}
