using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Data.Incidents;

/// <summary>What a signed link says: for which incident, for whom, until when.</summary>
public sealed record IncidentLink(Guid Incident, string Person, DateTimeOffset Until);

/// <summary>
/// Links that open one incident, and nothing else, without signing in: in every message about it. The link itself is the proof: incident,
/// person and end under an HMAC-SHA256 (RFC 2104), nothing stored. Opening one changes nothing; acting takes a button.
/// </summary>
public sealed class IncidentLinks(KeyFile key, PortalAddress address)
{
    /// <summary>How long a link opens its incident.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(2);

    private const int Head = 16 + 8;
    private const int MacLength = 16;

    // Not the key itself, so that a link never says anything about sealed fields.
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Key, 32, info: "portal incident link 1"u8.ToArray());

    /// <summary>The address of the page for a person; null while the portal does not know its own address.</summary>
    public string? UrlFor(Guid incident, string person, DateTimeOffset now) =>
        address.Public is { } root ? new Uri(root, $"i/{Make(incident, person, now + Life)}").ToString() : null;

    /// <summary>The last part of a link.</summary>
    public string Make(Guid incident, string person, DateTimeOffset until)
    {
        var name = Encoding.UTF8.GetBytes(person);
        var bytes = new byte[Head + name.Length + MacLength];
        incident.TryWriteBytes(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(16), until.ToUnixTimeSeconds());
        name.CopyTo(bytes, Head);
        HMACSHA256.HashData(_key, bytes.AsSpan(0, Head + name.Length)).AsSpan(0, MacLength).CopyTo(bytes.AsSpan(Head + name.Length));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>What a link says; null when it was not made here, was changed, or is over.</summary>
    public IncidentLink? Read(string text, DateTimeOffset now)
    {
        var bytes = new byte[text.Length];
        if (text.Length > 1000 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length <= Head + MacLength)
        {
            return null;
        }

        var signed = bytes.AsSpan(0, length - MacLength);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, signed).AsSpan(0, MacLength), bytes.AsSpan(length - MacLength, MacLength)))
        {
            return null;
        }

        var until = DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToInt64(signed[16..]));
        return until > now ? new(new Guid(signed[..16]), Encoding.UTF8.GetString(signed[Head..]), until) : null;
    }
}
