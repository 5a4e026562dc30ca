using System.Globalization;
using System.Net;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>One entry of <c>Portal__Outbound__Allowed</c>: a block of addresses or a host name, on one port or on all.</summary>
/// <param name="Block">The block, when the entry is one; otherwise null.</param>
/// <param name="Host">The host name in lower case, when the entry is one; otherwise null.</param>
/// <param name="Port">1 to 65535, or null for every port.</param>
public sealed record AllowedAddress(AddressBlock? Block, string? Host, int? Port)
{
    /// <summary>Reads an entry: <c>10.2.0.0/16</c>, <c>10.2.3.4:9100</c>, <c>fd00::/8</c>, <c>[::1]:9100</c>, <c>::1/128:9100</c>, <c>metrics.internal:9100</c>.</summary>
    /// <param name="text">The entry without surrounding commas.</param>
    /// <exception cref="FormatException">The entry cannot be read; the message is a sentence that quotes it.</exception>
    public static AllowedAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.Contains("://", StringComparison.Ordinal))
        {
            throw new FormatException($"\"{text}\" is a URL; write only host:port.");
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            var (length, blockPort) = SplitPort(text, text[(slash + 1)..]);
            return new AllowedAddress(ParseBlock(text, text[..slash].Trim('[', ']'), length), null, blockPort);
        }

        if (!text.StartsWith('[') && IPAddress.TryParse(text, out var bare) && IsCanonical(text, bare))
        {
            return new AllowedAddress(AddressBlock.Of(bare), null, null);
        }

        var (host, port) = SplitPort(text, text);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsCanonical(host.Trim('[', ']'), address))
        {
            return new AllowedAddress(AddressBlock.Of(address), null, port);
        }

        if (Uri.CheckHostName(host) != UriHostNameType.Dns || host.All(c => char.IsAsciiDigit(c) || c == '.'))
        {
            throw new FormatException($"\"{text}\" is neither an address, a block like 10.2.0.0/16, nor a host name.");
        }

        return new AllowedAddress(null, host.TrimEnd('.').ToLowerInvariant(), port);
    }

    /// <summary>True when this entry names the destination.</summary>
    /// <param name="host">The host as the URL spells it.</param>
    /// <param name="address">The address that would be connected to, or null when only the name is known.</param>
    /// <param name="port">The port of the URL.</param>
    public bool Covers(string host, IPAddress? address, int port)
    {
        if (Port is { } only && only != port)
        {
            return false;
        }

        return Block is { } block
            ? address is not null && block.Contains(address)
            : string.Equals(Host, host.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
    }

    private static (string Before, int? Port) SplitPort(string entry, string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
        {
            return (text, null);
        }

        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? (text[..colon], port)
            : throw new FormatException($"\"{entry}\" ends in a port that is not a number from 1 to 65535.");
    }

    private static AddressBlock ParseBlock(string entry, string address, string length)
    {
        if (!IPAddress.TryParse(address, out var start) || !IsCanonical(address, start)
            || !int.TryParse(length.TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits > start.GetAddressBytes().Length * 8)
        {
            throw new FormatException($"\"{entry}\" is not a block of addresses like 10.2.0.0/16 or fd00::/8.");
        }

        var block = new AddressBlock(start, bits);
        return block.First.Equals(start)
            ? block
            : throw new FormatException($"\"{entry}\" does not begin where its block begins; write {block.First}/{bits} for the block or {start} for the one address.");
    }

    // 010.0.0.1 or 0x7f.1 mean something else to every reader; a list that guards must not guess.
    private static bool IsCanonical(string text, IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 || text == address.ToString();
}
