using System.Buffers.Binary;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Who scrapes which partner: every portal computes the same answer from the same lists. Even to within one partner, and when a
/// portal comes or goes few partners move (rendezvous hashing, Thaler and Ravishankar 1998, with a bound on each portal's load).
/// </summary>
public static class PartnerShare
{
    /// <summary>The partners that fall to one portal.</summary>
    /// <param name="partners">All partners with sources.</param>
    /// <param name="portals">All portals that live.</param>
    /// <param name="self">The portal that asks; it counts as living.</param>
    public static IReadOnlySet<Guid> Of(IEnumerable<Guid> partners, IEnumerable<Guid> portals, Guid self)
    {
        var living = portals.Append(self).Distinct().Order().ToArray();
        var all = partners.Distinct().Order().ToArray();
        if (living.Length == 1)
        {
            return all.ToHashSet();
        }

        var most = (all.Length + living.Length - 1) / living.Length;
        var load = new int[living.Length];
        var mine = new HashSet<Guid>();
        foreach (var partner in all)
        {
            var best = -1;
            var highest = 0UL;
            for (var n = 0; n < living.Length; n++)
            {
                if (load[n] < most && Mix(partner, living[n]) is var rank && (best < 0 || rank > highest))
                {
                    (best, highest) = (n, rank);
                }
            }

            load[best]++;
            if (living[best] == self)
            {
                mine.Add(partner);
            }
        }

        return mine;
    }

    // Only spreading matters, nobody gains by a collision (the finalizer of SplitMix64, Steele et al. 2014).
    private static ulong Mix(Guid partner, Guid portal)
    {
        Span<byte> bytes = stackalloc byte[32];
        partner.TryWriteBytes(bytes);
        portal.TryWriteBytes(bytes[16..]);
        var mixed = 0UL;
        for (var at = 0; at < bytes.Length; at += 8)
        {
            mixed += BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]) + 0x9e3779b97f4a7c15;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            mixed ^= mixed >> 31;
        }

        return mixed;
    }
}
