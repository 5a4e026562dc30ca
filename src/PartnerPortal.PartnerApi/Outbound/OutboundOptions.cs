namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Settings of outgoing calls, section <c>Portal:Outbound</c>.</summary>
public sealed class OutboundOptions
{
    /// <summary>Comma-separated <c>CIDR[:port]</c> or <c>host[:port]</c> that may be called although they are not public.</summary>
    public string? Allowed { get; set; }

    /// <summary>A PEM file with certificate authorities that are trusted beside those of the system.</summary>
    public string? AuthoritiesFile { get; set; }

    /// <summary>Calls to one destination at the same time; further ones wait in that destination's own line.</summary>
    public int PerDestination { get; set; } = 4;

    /// <summary>Endpoints that the configuration itself names, allowed on exactly their host and port.</summary>
    public IList<Uri> Endpoints { get; } = [];
}
