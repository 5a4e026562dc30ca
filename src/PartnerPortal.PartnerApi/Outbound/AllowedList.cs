using System.Net;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>The destinations outside the public internet that this portal may call: what <c>Portal__Outbound__Allowed</c> names, and endpoints that the configuration itself names.</summary>
public sealed class AllowedList
{
    /// <summary>The setting as it is spelled in the environment.</summary>
    public const string Setting = "Portal__Outbound__Allowed";

    private readonly AllowedAddress[] _entries;

    private AllowedList(AllowedAddress[] entries) => _entries = entries;

    /// <summary>A list that allows nothing beside public addresses.</summary>
    public static AllowedList Empty { get; } = new([]);

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Length;

    /// <summary>Reads a comma-separated list of entries.</summary>
    /// <param name="text">The value of the setting; null and blank mean that nothing is allowed.</param>
    /// <param name="endpoints">Endpoints that the configuration names elsewhere; each is allowed on exactly its host and port.</param>
    /// <exception cref="FormatException">An entry cannot be read; the message names the setting and the entry.</exception>
    public static AllowedList Parse(string? text, params IEnumerable<Uri> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var entries = new List<AllowedAddress>();
        foreach (var entry in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                entries.Add(AllowedAddress.Parse(entry));
            }
            catch (FormatException fault)
            {
                throw new FormatException($"{Setting}: {fault.Message}", fault);
            }
        }

        entries.AddRange(endpoints.Select(e => AllowedAddress.Parse(e.HostNameType == UriHostNameType.IPv6 ? $"{e.Host}:{e.Port}" : $"{e.IdnHost}:{e.Port}")));
        return entries.Count == 0 ? Empty : new AllowedList([.. entries]);
    }

    /// <summary>Says why a destination must not be called.</summary>
    /// <param name="host">The host as the URL spells it.</param>
    /// <param name="address">The address that would be connected to.</param>
    /// <param name="port">The port of the URL.</param>
    /// <returns>A sentence that names the address and the setting, or null when the call may go out.</returns>
    public string? Refuse(string host, IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (AddressRange.Describe(address) is not { } words || Names(host, address, port))
        {
            return null;
        }

        var isName = !IPAddress.TryParse(host.Trim('[', ']'), out _);
        var entry = isName ? $"{host}:{port}" : $"{address}/{address.GetAddressBytes().Length * 8}:{port}";
        return Sentence(isName ? $"{host} leads to {address}, which is {words}" : $"{address} is {words}", entry);
    }

    /// <summary>True when an entry names the destination.</summary>
    /// <inheritdoc cref="AllowedAddress.Covers" path="/param"/>
    public bool Names(string host, IPAddress? address, int port) => Array.Exists(_entries, e => e.Covers(host, address, port));

    /// <summary>True when some entry speaks of loopback on this port, so that a name for this machine may be tried.</summary>
    internal bool NamesLoopback(int port) =>
        Names("localhost", IPAddress.Loopback, port) || Names("localhost", IPAddress.IPv6Loopback, port);

    internal string Sentence(string fact, string entry) =>
        $"{fact}. Portals call partners on public addresses only; " + (_entries.Length == 0
            ? $"set {Setting}={entry} to allow it."
            : $"add {entry} to {Setting} to allow it.");
}
