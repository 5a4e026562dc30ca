using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Judges a partner's certificate and says which of its faults stopped the call. There is no way to accept one anyway.</summary>
internal sealed class CertificateCheck(X509Certificate2Collection authorities)
{
    /// <summary>The callback of the handler; throws instead of answering false, so that the reason reaches the caller.</summary>
    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None || AcceptFaulty(sender, certificate, chain, errors);

    private bool AcceptFaulty(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var host = (sender as SslStream)?.TargetHostName ?? "the partner";
        if (certificate is not X509Certificate2 leaf || chain is null)
        {
            throw new OutboundException(OutboundFailure.TlsFailed, $"{host} showed no certificate.");
        }

        var at = chain.ChainPolicy.VerificationTime.ToUniversalTime();
        if (at > leaf.NotAfter.ToUniversalTime())
        {
            throw new OutboundException(OutboundFailure.CertificateExpired, $"The certificate of {host} expired on {Day(leaf.NotAfter)}.");
        }

        if (at < leaf.NotBefore.ToUniversalTime())
        {
            throw new OutboundException(OutboundFailure.CertificateExpired, $"The certificate of {host} is not valid before {Day(leaf.NotBefore)}.");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            throw new OutboundException(OutboundFailure.CertificateWrongHost, $"The certificate of {host} is for {Names(leaf)}, not for {host}.");
        }

        if (Faults(chain).HasFlag(X509ChainStatusFlags.Revoked))
        {
            throw new OutboundException(OutboundFailure.CertificateUntrusted, $"The certificate of {host} was revoked.");
        }

        if (authorities.Count > 0 && LeadsToOurs(leaf, chain))
        {
            return true;
        }

        throw new OutboundException(OutboundFailure.CertificateUntrusted, leaf.Subject == leaf.Issuer
            ? $"The certificate of {host} is self-signed, so nobody vouches for it."
            : $"The certificate of {host} comes from an authority that is not trusted here ({Name(leaf.Issuer)}).");
    }

    private bool LeadsToOurs(X509Certificate2 leaf, X509Chain seen)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        foreach (var link in seen.ChainElements.Skip(1))
        {
            chain.ChainPolicy.ExtraStore.Add(link.Certificate);
        }

        return chain.Build(leaf);
    }

    private static X509ChainStatusFlags Faults(X509Chain chain) =>
        chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);

    private static string Names(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).Take(3).ToList();
        return names.Count > 0 ? string.Join(", ", names) : Name(leaf.Subject);
    }

    private static string Name(string distinguished) =>
        distinguished.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(p => p.StartsWith("CN=", StringComparison.Ordinal))?[3..] ?? distinguished;

    private static string Day(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
