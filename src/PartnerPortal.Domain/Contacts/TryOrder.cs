namespace PartnerPortal.Domain.Contacts;

/// <summary>Whom to try first: the active contacts of one partner and one side stand in places 1, 2, 3 without gaps.</summary>
public static class TryOrder
{
    /// <summary>Contacts in the order in which to try them.</summary>
    public static IEnumerable<Contact> Sorted(IEnumerable<Contact> contacts) => contacts.OrderBy(c => c.Order).ThenBy(c => c.Id);

    /// <summary>Closes the gaps, after somebody came or went.</summary>
    /// <param name="side">All active contacts of the side.</param>
    public static void Close(IEnumerable<Contact> side)
    {
        var place = 1;
        foreach (var contact in Sorted(side.Where(c => c.RemovedAt is null)).ToList())
        {
            contact.TakePlace(place++);
        }
    }

    /// <summary>Puts a contact into a place; the others make room. A place beyond the end is the end.</summary>
    /// <param name="side">All active contacts of the side, the moved one included.</param>
    /// <param name="moved">Which one.</param>
    /// <param name="place">From 1.</param>
    /// <exception cref="RuleBroken">The contact was removed.</exception>
    public static void Move(IEnumerable<Contact> side, Contact moved, int place)
    {
        if (moved.RemovedAt is not null)
        {
            throw new RuleBroken($"{moved.Name} was removed. Bring this contact back before you move it.");
        }

        var order = Sorted(side.Where(c => c.RemovedAt is null && c.Id != moved.Id)).ToList();
        order.Insert(Math.Clamp(place, 1, order.Count + 1) - 1, moved);
        for (var i = 0; i < order.Count; i++)
        {
            order[i].TakePlace(i + 1);
        }
    }
}
