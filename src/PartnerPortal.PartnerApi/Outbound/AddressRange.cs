using System.Net;
using System.Net.Sockets;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>A block of addresses that no partner on the public internet answers from, and the words for it.</summary>
/// <param name="Block">The block of addresses.</param>
/// <param name="Words">What it is, ready for "… is {Words}."</param>
/// <remarks>Sources: the IANA special-purpose registries of IPv4 (RFC 6890) and IPv6, and the metadata addresses that cloud vendors document.</remarks>
public sealed record AddressRange(AddressBlock Block, string Words)
{
    private const string Private = "an address of a private network";
    private const string Metadata = "a cloud metadata address";
    private const string Documentation = "an address reserved for documentation";

    // The first block that holds an address names it, so single addresses stand before the block around them.
    private static readonly AddressRange[] Ranges =
    [
        Of("169.254.169.254/32", Metadata), Of("169.254.170.2/32", Metadata), Of("100.100.100.200/32", Metadata),
        Of("168.63.129.16/32", Metadata), Of("192.0.0.192/32", Metadata), Of("fd00:ec2::254/128", Metadata), Of("fd20:ce::254/128", Metadata),
        Of("0.0.0.0/8", "an address of \"this network\""),
        Of("10.0.0.0/8", Private), Of("172.16.0.0/12", Private), Of("192.168.0.0/16", Private),
        Of("100.64.0.0/10", "an address behind a carrier's NAT"),
        Of("127.0.0.0/8", "a loopback address"),
        Of("169.254.0.0/16", "a link-local address"),
        Of("192.0.0.0/24", "an address reserved for protocols"),
        Of("192.0.2.0/24", Documentation), Of("198.51.100.0/24", Documentation), Of("203.0.113.0/24", Documentation),
        Of("192.88.99.0/24", "a 6to4 relay address"),
        Of("198.18.0.0/15", "an address reserved for benchmarks"),
        Of("224.0.0.0/4", "a multicast address"),
        Of("255.255.255.255/32", "the broadcast address"),
        Of("240.0.0.0/4", "a reserved address"),
        Of("::/128", "the unspecified address"),
        Of("::1/128", "a loopback address"),
        Of("::ffff:0:0/96", "an IPv4 address written as IPv6"),
        Of("::ffff:0:0:0/96", "an IPv4 address translated to IPv6"),
        Of("::/96", "an IPv4 address written as IPv6"),
        Of("64:ff9b::/96", "an IPv4 address behind NAT64"), Of("64:ff9b:1::/48", "an IPv4 address behind NAT64"),
        Of("100::/64", "a discard address"),
        Of("2001::/32", "a Teredo address"),
        Of("2001:db8::/32", Documentation), Of("3fff::/20", Documentation),
        Of("2001::/23", "an address reserved for protocols"),
        Of("2002::/16", "a 6to4 address"),
        Of("fc00::/7", Private),
        Of("fe80::/10", "a link-local address"),
        Of("fec0::/10", "a site-local address"),
        Of("ff00::/8", "a multicast address"),
    ];

    private static readonly AddressBlock GlobalUnicast = AddressBlock.Parse("2000::/3");

    /// <summary>Says what keeps an address from being a public one.</summary>
    /// <param name="address">Any IPv4 or IPv6 address; a scope id is ignored.</param>
    /// <returns>The words for it, or null when the address is public.</returns>
    public static string? Describe(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        foreach (var range in Ranges)
        {
            if (range.Block.Contains(address))
            {
                return range.Words;
            }
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address) ? "not a public address" : null;
    }

    private static AddressRange Of(string block, string words) => new(AddressBlock.Parse(block), words);
}
