using PartnerPortal.Domain;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.UnitTests.Contacts;

public sealed class TryOrderTests
{
    [Theory]
    [InlineData("c", 1, "c a b d")]
    [InlineData("a", 2, "b a c d")]
    [InlineData("a", 99, "b c d a")]
    [InlineData("d", -5, "d a b c")]
    [InlineData("b", 2, "a b c d")]
    public void A_contact_takes_a_place_and_the_others_make_room(string who, int place, string order)
    {
        var side = Side("a", "b", "c", "d");
        TryOrder.Move(side, side.Single(c => c.Name == who), place);
        Assert.Equal(order, string.Join(' ', TryOrder.Sorted(side).Select(c => c.Name)));
        Assert.Equal([1, 2, 3, 4], side.Select(c => c.Order).Order());
    }

    [Fact]
    public void A_removed_contact_leaves_no_gap_and_comes_back_to_its_place()
    {
        var side = Side("a", "b", "c");
        side[1].Remove(DateTimeOffset.UnixEpoch);
        TryOrder.Close(side);
        Assert.Equal([1, 2], [side[0].Order, side[2].Order]);
        Assert.Throws<RuleBroken>(() => TryOrder.Move(side, side[1], 1));

        side[1].Restore();
        TryOrder.Move(side, side[1], side[1].Order);
        Assert.Equal("a b c", string.Join(' ', TryOrder.Sorted(side).Select(c => c.Name)));
    }

    private static List<Contact> Side(params string[] names)
    {
        List<Contact> side = [.. names.Select(n => ContactTests.Enter(new(n, "partner")))];
        var last = 0;
        foreach (var contact in side)
        {
            TryOrder.Move([.. side.Take(++last)], contact, last);
        }

        return side;
    }
}
