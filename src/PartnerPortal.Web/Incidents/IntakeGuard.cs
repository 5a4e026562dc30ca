using System.Net;
using System.Net.Sockets;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.Web.Incidents;

/// <summary>Whoever posts more than is taken, or tries secrets that nobody has.</summary>
/// <param name="sentence">What happened.</param>
/// <param name="wait">When to come again.</param>
public sealed class TooManyPosts(string sentence, TimeSpan wait) : Exception(sentence)
{
    /// <summary>When to come again.</summary>
    public TimeSpan Wait { get; } = wait;
}

/// <summary>The sender's own side could not be asked whether a delivery is true; it is to be sent again.</summary>
public sealed class SenderAway(string sentence) : Exception(sentence);

/// <summary>What stands before every intake: the source that a secret opens, how often it may post, and its signature.</summary>
public sealed class IntakeGuard(AlertSourceStore sources, AlertIntakeStore intake, IntakeLimits limits, TimeProvider clock)
{
    /// <summary>The source that a secret opens; null when there is none of this kind.</summary>
    /// <exception cref="TooManyPosts">This address tried too many secrets that nobody has. A right one always passes: who guesses must not silence who knows.</exception>
    public async Task<AlertSource?> FindAsync(HttpContext http, string secret, AlertSourceKind kind, CancellationToken cancel)
    {
        if (await sources.FindAsync(secret, cancel) is { } source && source.Kind == kind)
        {
            return source;
        }

        return limits.Miss(PlaceOf(http.Connection.RemoteIpAddress)) is { } wait ? throw new TooManyPosts("This address tried too many secrets that nobody has.", wait) : null;
    }

    /// <summary>Lets a delivery pass.</summary>
    /// <returns>The sender's own name for it, by which a repeat is known; null when it named none. Of a signed delivery only the name that is signed counts.</returns>
    /// <exception cref="TooManyPosts">The source posts more than is taken.</exception>
    /// <exception cref="SignatureRefused">It needs a signature and has no good one; it is kept for seven days, for people to read.</exception>
    public async Task<string?> AdmitAsync(HttpContext http, AlertSource source, AlertPost post, CancellationToken cancel)
    {
        if (limits.Post(source.Id) is { } wait)
        {
            throw new TooManyPosts("This source posts more than the portal takes at once. Nothing of this request was stored: send it again.", wait);
        }

        var (named, signed) = (http.Request.Headers["Idempotency-Key"].ToString(), http.Request.Headers["webhook-id"].ToString());
        if (source.NeedsSignatures)
        {
            var said = new SignedHeaders(signed, http.Request.Headers["webhook-timestamp"].ToString(), http.Request.Headers["webhook-signature"].ToString());
            if (DeliverySignature.Fault(sources.SigningSecrets(source), said, post.Body.Span, clock.GetUtcNow()) is { } fault)
            {
                await intake.RefuseAsync(source, post, null, fault, cancel);
                throw new SignatureRefused(fault);
            }

            return signed;
        }

        var key = named.Length > 0 ? named : signed;
        return key.Length is 0 or > 255 ? null : key;
    }

    // Of IPv6 the network: whoever has one address has the others of it.
    private static string PlaceOf(IPAddress? address) => address is null ? "" : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
}
