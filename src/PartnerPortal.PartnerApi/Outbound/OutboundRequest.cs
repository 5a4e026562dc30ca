namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>One call to a partner.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The absolute http or https URL.</param>
public sealed record OutboundRequest(HttpMethod Method, Uri Url)
{
    /// <summary>Headers to send. Host, Connection, Content-Length, Transfer-Encoding, Expect and Accept-Encoding belong to the client.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body to send, or null for none. Its type is the header <c>Content-Type</c>.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>How long and how much.</summary>
    public OutboundLimits Limits { get; init; } = OutboundLimits.Default;

    /// <summary>Whose slots the call takes; null means the host and port of the URL.</summary>
    public string? Destination { get; init; }

    /// <summary>A GET.</summary>
    public static OutboundRequest Get(Uri url) => new(HttpMethod.Get, url);
}
