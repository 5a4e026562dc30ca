using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.Engine.Incidents;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>A portal that believes an Amazon of the test's own: its authority, its certificates, and what it was asked for.</summary>
public sealed class SnsPortal(TestServer server) : SharedPortal(server)
{
    /// <summary>The certificate of region eu-west-1.</summary>
    public const string Certificate = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem";

    private readonly RSA _key = RSA.Create(2048);
    private X509Certificate2 _root = null!;

    /// <summary>What stands where; null: Amazon refuses. An address that is not here cannot be reached.</summary>
    public ConcurrentDictionary<string, byte[]?> Amazon { get; } = new();

    /// <summary>Every address that was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public override async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        var now = Database.Clock.GetUtcNow();
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Amazon of the tests", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var root = _root = authority.CreateSelfSigned(now.AddYears(-1), now.AddYears(10));
        Publish(Certificate, Issue(root, "sns.amazonaws.com", now.AddYears(1)));
        Publish(Certificate + "?odd", Issue(root, "sns.amazonaws.com", now.AddYears(1)));
        Publish(Of("expired"), Issue(root, "sns.amazonaws.com", now.AddDays(-1)));
        Publish(Of("other"), Issue(root, "shop.amazonaws.com", now.AddYears(1)));
        Publish(Of("region"), Issue(root, "sns-signing.eu-west-1.amazonaws.com", now.AddYears(1)));
        var alone = new CertificateRequest("CN=sns.amazonaws.com", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Publish(Of("alone"), alone.CreateSelfSigned(now.AddDays(-1), now.AddYears(1)));
        Amazon[Of("none")] = null;
        Amazon[Of("text")] = "not a certificate"u8.ToArray();
        App = new PortalApp(Database, settings: Settings, instead: services =>
        {
            services.AddSingleton<FetchFromSns>((url, _) =>
            {
                Asked.Enqueue(url.OriginalString);
                return Amazon.TryGetValue(url.OriginalString, out var answer) ? Task.FromResult(answer) : throw new OutboundException(OutboundFailure.Unreachable, $"{url.Host} cannot be reached.");
            });
            services.AddSingleton(provider => new SnsCertificates(provider.GetRequiredService<FetchFromSns>(), provider.GetRequiredService<TimeProvider>(), [root]));
        });
    }

    /// <summary>A certificate of the same region by its name.</summary>
    public static string Of(string name) => $"https://sns.eu-west-1.amazonaws.com/{name}.pem";

    /// <summary>Publishes a certificate that is valid for two hours more.</summary>
    public void PublishShort(string address) => Publish(address, Issue(_root, "sns.amazonaws.com", Database.Clock.GetUtcNow().AddHours(2)));

    /// <summary>An envelope that Amazon signed.</summary>
    public JsonObject Envelope(string type, string topic, string message, string? subject = null, string version = "2", string certificate = Certificate, string? subscribe = null, DateTimeOffset? at = null)
    {
        var envelope = new JsonObject
        {
            ["Type"] = type,
            ["MessageId"] = Guid.NewGuid().ToString(),
            ["TopicArn"] = topic,
            ["Message"] = message,
            ["Timestamp"] = (at ?? Database.Clock.GetUtcNow()).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
            ["SignatureVersion"] = version,
            ["SigningCertURL"] = certificate,
        };
        foreach (var (name, value) in new[] { ("Subject", subject), ("SubscribeURL", subscribe), ("Token", subscribe is null ? null : "2336412f37") })
        {
            if (value is not null)
            {
                envelope[name] = value;
            }
        }

        return Sign(envelope);
    }

    /// <summary>Signs an envelope as it is.</summary>
    public JsonObject Sign(JsonObject envelope)
    {
        var text = SnsEnvelope.Read(Encoding.UTF8.GetBytes(envelope.ToJsonString())).Single().SignedText();
        var hash = (string?)envelope["SignatureVersion"] == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        envelope["Signature"] = Convert.ToBase64String(_key.SignData(text, hash, RSASignaturePadding.Pkcs1));
        return envelope;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _root.Dispose();
        _key.Dispose();
    }

    private void Publish(string address, X509Certificate2 certificate) => Amazon[address] = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem());

    private X509Certificate2 Issue(X509Certificate2 root, string name, DateTimeOffset until)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(root, Database.Clock.GetUtcNow().AddMonths(-6), until, RandomNumberGenerator.GetBytes(8));
    }
}
