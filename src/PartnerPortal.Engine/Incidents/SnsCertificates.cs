using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.Engine.Incidents;

/// <summary>
/// Checks signatures of Amazon SNS with the certificates that Amazon publishes, kept in memory by their address. A certificate comes from SNS's own host,
/// whose own one the guarded client has checked; beside that it must be for SNS, valid now, and no link of its chain may be bad. Amazon publishes it without
/// the links above it, and nothing is fetched to complete them.
/// </summary>
/// <param name="fetch">How an address of SNS is asked.</param>
/// <param name="clock">The time.</param>
/// <param name="roots">Authorities to trust instead of the system's; null: the system's.</param>
public sealed partial class SnsCertificates(FetchFromSns fetch, TimeProvider clock, X509Certificate2Collection? roots = null)
{
    private const int MostKept = 64;
    private const int SmallestKey = 2048;
    private readonly ConcurrentDictionary<string, X509Certificate2Collection> _kept = new();

    /// <summary>Why an envelope cannot be believed, as a sentence; null when it can.</summary>
    /// <exception cref="PartnerApi.Outbound.OutboundException">Amazon could not be asked for the certificate; try again later.</exception>
    public async Task<string?> FaultAsync(SnsEnvelope envelope, CancellationToken cancel)
    {
        if (!SnsEnvelope.IsAmazons(envelope.SigningCertUrl, out var url) || !url.AbsolutePath.EndsWith(".pem", StringComparison.Ordinal) || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return "“SigningCertURL” is not an address of a certificate at https://sns.….amazonaws.com.";
        }

        var hash = envelope.SignatureVersion switch { "1" => HashAlgorithmName.SHA1, "2" => HashAlgorithmName.SHA256, _ => default };
        if (hash == default || Base64(envelope.Signature) is not { } signature)
        {
            return "“SignatureVersion” must be 1 or 2 and “Signature” Base64.";
        }

        if (await GetAsync(url, cancel) is not { Count: > 0 } found)
        {
            return "There is no certificate at “SigningCertURL”.";
        }

        if (Fault(found, url.Host) is { } fault)
        {
            _kept.TryRemove(url.AbsoluteUri, out _);
            return fault;
        }

        using var key = found[0].GetRSAPublicKey();
        return key is null || key.KeySize < SmallestKey ? "Amazon's certificate holds no RSA key of 2048 bits or more."
            : key.VerifyData(envelope.SignedText(), signature, hash, RSASignaturePadding.Pkcs1) ? null : "“Signature” is not Amazon's for this message.";
    }

    private async Task<X509Certificate2Collection?> GetAsync(Uri url, CancellationToken cancel)
    {
        if (_kept.TryGetValue(url.AbsoluteUri, out var known))
        {
            return known;
        }

        if (await fetch(url, cancel) is not { } pem)
        {
            return null;
        }

        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(System.Text.Encoding.ASCII.GetString(pem));
        }
        catch (CryptographicException)
        {
            return null;
        }

        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        return found.Count > 0 ? _kept[url.AbsoluteUri] = found : null;
    }

    private string? Fault(X509Certificate2Collection found, string host)
    {
        var (leaf, now) = (found[0], clock.GetUtcNow().UtcDateTime);
        if (now < leaf.NotBefore.ToUniversalTime() || now > leaf.NotAfter.ToUniversalTime())
        {
            return "Amazon's certificate has expired, or is not valid yet.";
        }

        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).DefaultIfEmpty(leaf.GetNameInfo(X509NameType.SimpleName, false));
        if (!names.Any(n => n == host || Names().IsMatch(n)))
        {
            return "The certificate at “SigningCertURL” is not for SNS.";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now;
        chain.ChainPolicy.ExtraStore.AddRange(found);
        if (roots is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return chain.Build(leaf) || chain.ChainStatus.All(s => s.Status == X509ChainStatusFlags.PartialChain) ? null : "Nobody who is trusted here vouches for the certificate at “SigningCertURL”.";
    }

    private static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length];
        return text.Length is > 0 and <= 2048 && Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    // The names that Amazon's regions have: sns.amazonaws.com, sns-signing.eu-south-1.amazonaws.com, sns-cn-north-1.amazonaws.com.cn.
    [GeneratedRegex(@"^sns((-signing)?[.-][a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?\z")]
    private static partial Regex Names();
}
