using System.Globalization;
using System.Net;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>All addresses that begin with the same bits. Unlike <see cref="IPNetwork"/> it never takes <c>::ffff:127.0.0.1</c> for <c>127.0.0.1</c>.</summary>
/// <param name="Start">First address of the block.</param>
/// <param name="Bits">Number of leading bits that all its addresses share: 0 to 32 or 128.</param>
public sealed record AddressBlock(IPAddress Start, int Bits)
{
    /// <summary>A block of one address.</summary>
    public static AddressBlock Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new(address, address.GetAddressBytes().Length * 8);
    }

    /// <summary>Reads <c>10.0.0.0/8</c>.</summary>
    public static AddressBlock Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return new(IPAddress.Parse(text[..slash]), int.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>The first address that shares the bits; equal to <see cref="Start"/> when the block is written properly.</summary>
    public IPAddress First
    {
        get
        {
            var bytes = Start.GetAddressBytes();
            for (var bit = Bits; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            }

            return new IPAddress(bytes);
        }
    }

    /// <summary>True when the address lies in the block; a scope id is ignored.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> mine = stackalloc byte[16];
        Span<byte> theirs = stackalloc byte[16];
        if (!Start.TryWriteBytes(mine, out var length) || !address.TryWriteBytes(theirs, out var other) || length != other)
        {
            return false;
        }

        var whole = Bits / 8;
        var mask = (byte)(0xff00 >> (Bits % 8));
        return mine[..whole].SequenceEqual(theirs[..whole]) && (Bits % 8 == 0 || (mine[whole] & mask) == (theirs[whole] & mask));
    }
}
