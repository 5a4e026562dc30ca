using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PartnerPortal.Domain.Incidents;

/// <summary>What a sender says about its signature: the headers webhook-id, webhook-timestamp and webhook-signature; empty when absent.</summary>
/// <param name="Id">The sender's name for the delivery; the same when it is sent again.</param>
/// <param name="Timestamp">When it was sent, in whole seconds since 1970.</param>
/// <param name="Signature">Signatures separated by spaces, each v1 and a comma before its Base64.</param>
public sealed record SignedHeaders(string Id, string Timestamp, string Signature);

/// <summary>Signatures of deliveries as Standard Webhooks 1.0 has them: HMAC-SHA256 over id, timestamp and the body as it was posted.</summary>
public static class DeliverySignature
{
    /// <summary>How far the sender's clock may be from ours, either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>How long a signing secret works after a new one was made.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    private const string Prefix = "whsec_";
    private const string Version = "v1,";
    private const int MostSignatures = 10;

    /// <summary>A new secret: whsec_ and the Base64 of 32 random bytes.</summary>
    public static string MakeSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The signature of a delivery, with v1 and a comma before it.</summary>
    /// <param name="secret">A secret that <see cref="MakeSecret"/> made.</param>
    /// <param name="id">The header webhook-id.</param>
    /// <param name="timestamp">The header webhook-timestamp.</param>
    /// <param name="body">The body, byte by byte.</param>
    /// <exception cref="FormatException">The secret is none.</exception>
    public static string Of(string secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var key = secret.StartsWith(Prefix, StringComparison.Ordinal) ? Convert.FromBase64String(secret[Prefix.Length..]) : throw new FormatException($"A signing secret starts with {Prefix}.");
        return Version + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
    }

    /// <summary>Why a delivery cannot be believed, as a sentence; null when it can.</summary>
    /// <param name="secrets">The secrets that work now.</param>
    /// <param name="headers">What the sender says.</param>
    /// <param name="body">The body, byte by byte.</param>
    /// <param name="now">The time now.</param>
    public static string? Fault(IReadOnlyList<string> secrets, SignedHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (headers.Id.Length == 0 || headers.Timestamp.Length == 0 || headers.Signature.Length == 0)
        {
            return "This source takes signed deliveries only. Send webhook-id, webhook-timestamp and webhook-signature.";
        }

        if (headers.Id.Length > 255)
        {
            return "“webhook-id” has more than 255 characters.";
        }

        if (!long.TryParse(headers.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return "“webhook-timestamp” is not a number of seconds since 1970.";
        }

        if (Math.Abs((double)seconds - now.ToUnixTimeSeconds()) > Window.TotalSeconds)
        {
            return "“webhook-timestamp” is more than 5 minutes from the time here. Sign it anew, and set the sender's clock.";
        }

        var given = headers.Signature.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(s => s.StartsWith(Version, StringComparison.Ordinal)).Take(MostSignatures).Select(Encoding.UTF8.GetBytes).ToList();
        var good = false;
        foreach (var secret in secrets)
        {
            var ours = Encoding.UTF8.GetBytes(Of(secret, headers.Id, headers.Timestamp, body));
            given.ForEach(g => good |= CryptographicOperations.FixedTimeEquals(g, ours));
        }

        return good ? null : "“webhook-signature” is not that of this id, timestamp and body under the source's signing secret.";
    }
}

/// <summary>A delivery without a good signature.</summary>
public sealed class SignatureRefused(string sentence) : Exception(sentence);

/// <summary>A delivery that proves nothing about where it comes from, or comes from elsewhere.</summary>
public sealed class SenderRefused(string sentence) : Exception(sentence);
