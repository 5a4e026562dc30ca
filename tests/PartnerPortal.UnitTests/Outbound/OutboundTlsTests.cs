using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.UnitTests.Outbound;

public sealed class OutboundTlsTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trusted_certificate_is_accepted_for_the_name_of_the_URL_and_TLS_is_timed()
    {
        using var authority = Authority();
        using var certificate = Issue(authority, "shop.test", Now.AddDays(-1), Now.AddDays(1));
        string? asked = null;
        await using var server = Securing(certificate, name => asked = name);
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed), authorities: [authority], resolve: GuardedHttpClientTests.Loopback);
        await using var answer = await client.SendAsync(OutboundRequest.Get(server.Url("/", "shop.test", "https")), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("shop.test", asked);
        Assert.NotNull(answer.Timings.Tls);
    }

    [Fact]
    public async Task An_expired_certificate_has_its_own_reason()
    {
        using var authority = Authority();
        using var certificate = Issue(authority, "shop.test", Now.AddDays(-20), Now.AddDays(-10));
        var fault = await FailAsync(certificate, authority);
        Assert.Equal(OutboundFailure.CertificateExpired, fault.Failure);
        Assert.Equal($"The certificate of shop.test expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.", fault.Message);
    }

    [Fact]
    public async Task A_certificate_of_the_future_has_its_own_sentence()
    {
        using var authority = Authority();
        using var certificate = Issue(authority, "shop.test", Now.AddDays(2), Now.AddDays(10));
        Assert.Contains("is not valid before", (await FailAsync(certificate, authority)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_host_has_its_own_reason()
    {
        using var authority = Authority();
        using var certificate = Issue(authority, "other.test", Now.AddDays(-1), Now.AddDays(1));
        var fault = await FailAsync(certificate, authority);
        Assert.Equal(OutboundFailure.CertificateWrongHost, fault.Failure);
        Assert.Equal("The certificate of shop.test is for other.test, not for shop.test.", fault.Message);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_has_its_own_reason()
    {
        using var authority = Authority();
        using var stranger = Authority("Stranger");
        using var certificate = Issue(stranger, "shop.test", Now.AddDays(-1), Now.AddDays(1));
        var fault = await FailAsync(certificate, authority);
        Assert.Equal(OutboundFailure.CertificateUntrusted, fault.Failure);
        Assert.Equal("The certificate of shop.test comes from an authority that is not trusted here (Stranger).", fault.Message);
    }

    [Fact]
    public async Task A_self_signed_certificate_has_its_own_sentence()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names("shop.test"));
        using var certificate = Loadable(request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1)));
        var fault = await FailAsync(certificate, null);
        Assert.Equal(OutboundFailure.CertificateUntrusted, fault.Failure);
        Assert.Contains("self-signed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_without_TLS_has_its_own_reason()
    {
        await using var eager = new ScriptedServer((_, _, _) => Task.CompletedTask, async stream =>
        {
            await stream.WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray());
            return stream;
        });
        using var client = new GuardedHttpClient(AllowedList.Parse(eager.Allowed));
        var fault = await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(OutboundRequest.Get(eager.Url("/", scheme: "https")), Stop));
        Assert.Equal(OutboundFailure.TlsFailed, fault.Failure);
    }

    [Fact]
    public async Task A_handshake_that_hangs_is_given_up_with_its_own_sentence()
    {
        await using var server = new ScriptedServer((_, _, _) => Task.CompletedTask, async stream =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), Stop);
            return stream;
        });
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
        var limits = OutboundLimits.Within(TimeSpan.FromMilliseconds(300));
        var fault = await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(OutboundRequest.Get(server.Url("/", scheme: "https")) with { Limits = limits }, Stop));
        Assert.Equal(OutboundFailure.TlsFailed, fault.Failure);
        Assert.Equal("127.0.0.1 accepted the connection but did not secure it within 300 ms.", fault.Message);
    }

    private static async Task<OutboundException> FailAsync(X509Certificate2 certificate, X509Certificate2? trusted)
    {
        await using var server = Securing(certificate, _ => { });
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed), authorities: trusted is null ? null : [trusted], resolve: GuardedHttpClientTests.Loopback);
        return await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(OutboundRequest.Get(server.Url("/", "shop.test", "https")), Stop));
    }

    private static ScriptedServer Securing(X509Certificate2 certificate, Action<string> asked) => new(
        async (stream, _, stop) => await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop),
        async stream =>
        {
            var secured = new SslStream(stream);
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateSelectionCallback = (_, name) =>
                {
                    asked(name ?? "");
                    return certificate;
                },
            });
            return secured;
        });

    private static X509Certificate2 Authority(string name = "Test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return Loadable(request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1)));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string host, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(host));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        return Loadable(certificate.CopyWithPrivateKey(key));
    }

    private static X509Extension Names(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        return names.Build();
    }

    // A key that lives only in memory is not accepted by every platform's TLS; a round trip through PKCS#12 is.
    private static X509Certificate2 Loadable(X509Certificate2 made)
    {
        using (made)
        {
            return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        }
    }
}
