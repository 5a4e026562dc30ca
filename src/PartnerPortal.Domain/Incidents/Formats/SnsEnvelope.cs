using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>What Amazon SNS delivers over HTTP (Amazon SNS Developer Guide, “Parsing Amazon SNS message formats”), alone or as a record of AWS Lambda's event.</summary>
/// <param name="Type">Notification, SubscriptionConfirmation or UnsubscribeConfirmation.</param>
/// <param name="MessageId">Amazon's name for the message; the same when it is delivered again.</param>
/// <param name="TopicArn">The topic.</param>
/// <param name="Subject">The subject; null when there is none.</param>
/// <param name="Message">What was published.</param>
/// <param name="Timestamp">When, as it was written.</param>
/// <param name="Token">The token of a confirmation; null in notifications.</param>
/// <param name="SubscribeUrl">Where a subscription is confirmed; null in notifications.</param>
/// <param name="SignatureVersion">1 (SHA-1) or 2 (SHA-256).</param>
/// <param name="Signature">The RSA signature in Base64.</param>
/// <param name="SigningCertUrl">Where the certificate is that it was made with.</param>
/// <param name="Body">The envelope as it was posted.</param>
public sealed partial record SnsEnvelope(
    string Type, string MessageId, string TopicArn, string? Subject, string Message, string Timestamp, string? Token, string? SubscribeUrl, string SignatureVersion, string Signature,
    string SigningCertUrl, ReadOnlyMemory<byte> Body)
{
    /// <summary>The type of an ordinary message.</summary>
    public const string Notification = "Notification";

    /// <summary>The type that asks whether a topic may post here.</summary>
    public const string Subscription = "SubscriptionConfirmation";

    /// <summary>The type that says that a subscription ended.</summary>
    public const string Unsubscribe = "UnsubscribeConfirmation";

    private const int MostRecords = 100;

    /// <summary>When it was published; null when the time cannot be read.</summary>
    public DateTimeOffset? SentAt => DateTimeOffset.TryParse(Timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;

    /// <summary>The bytes that the signature is over: names and values in the order of the alphabet, each followed by a line feed.</summary>
    public byte[] SignedText()
    {
        (string Name, string? Value)[] parts = Type == Notification
            ? [("Message", Message), ("MessageId", MessageId), ("Subject", Subject), ("Timestamp", Timestamp), ("TopicArn", TopicArn), ("Type", Type)]
            : [("Message", Message), ("MessageId", MessageId), ("SubscribeURL", SubscribeUrl), ("Timestamp", Timestamp), ("Token", Token), ("TopicArn", TopicArn), ("Type", Type)];
        return Encoding.UTF8.GetBytes(string.Concat(parts.Where(p => p.Value is not null).Select(p => $"{p.Name}\n{p.Value}\n")));
    }

    /// <summary>Whether an address is one of SNS itself: https, its usual port, no user, the host sns.region.amazonaws.com or sns.region.amazonaws.com.cn.</summary>
    public static bool IsAmazons(string? address, out Uri url)
    {
        var good = Uri.TryCreate(address, UriKind.Absolute, out var parsed) && Addresses().IsMatch(address!) && parsed.Scheme == "https" && parsed is { IsDefaultPort: true, UserInfo: "" } && Hosts().IsMatch(parsed.Host);
        url = parsed!;
        return good;
    }

    /// <summary>The envelopes of a body.</summary>
    /// <exception cref="FieldsRefused">It is none.</exception>
    public static IReadOnlyList<SnsEnvelope> Read(ReadOnlyMemory<byte> body)
    {
        var raw = new FieldsRefused(
            "body", "This is no envelope of Amazon SNS. What SNS delivers raw carries no signature: switch off raw message delivery of the subscription, or make a generic source and map it.");
        if (!body.Span.TrimStart(" \r\n\t"u8).StartsWith("{"u8))
        {
            throw raw;
        }

        using var document = AlertFormats.Parse(body);
        var found = In(new PostedJson(document.RootElement, ""));
        return found.Count > MostRecords ? throw new FieldsRefused("body", $"These are {found.Count} records; {MostRecords} are the most.") : found.Count > 0 ? [.. found.Select(Of)] : throw raw;
    }

    /// <summary>Where envelopes stand in a body; none when it is raw.</summary>
    internal static IReadOnlyList<PostedJson> In(PostedJson root) => root["Records"].Element.ValueKind == JsonValueKind.Array ? [.. root["Records"].Items.Select(r => r["Sns"])]
        : root["Type"].Text is not null && root["Message"].Element.ValueKind == JsonValueKind.String ? [root] : [];

    // Lambda spells the two addresses with small letters.
    private static SnsEnvelope Of(PostedJson at)
    {
        var type = at["Type"].Needed;
        if (type is not (Notification or Subscription or Unsubscribe))
        {
            throw new FieldsRefused("body", $"“{at.Path}{(at.Path.Length > 0 ? "." : "")}Type” is “{PostedJson.Cut(type, 100)}”; Notification, SubscriptionConfirmation and UnsubscribeConfirmation are read.");
        }

        var (id, topic) = (at["MessageId"].Needed, at["TopicArn"].Needed);
        if (id.Length > 100 || topic.Length > 400)
        {
            throw new FieldsRefused("body", "“MessageId” has at most 100 characters and “TopicArn” at most 400.");
        }

        return new(type, id, topic, Exact(at["Subject"]), Exact(at["Message"]) ?? "", at["Timestamp"].Needed, Exact(at["Token"]), Exact(at["SubscribeURL"]), at["SignatureVersion"].Text ?? "",
            at["Signature"].Text ?? "", at["SigningCertURL"].Text ?? at["SigningCertUrl"].Text ?? "", Encoding.UTF8.GetBytes(at.Element.GetRawText()));
    }

    // Letter by letter, as it was signed.
    private static string? Exact(PostedJson at)
    {
        try
        {
            return at.Element.ValueKind == JsonValueKind.String ? at.Element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            throw new FieldsRefused("body", $"“{at.Path}” holds half a character (an escaped surrogate without its partner).");
        }
    }

    [GeneratedRegex(@"^sns\.[a-z0-9-]{3,32}\.amazonaws\.com(\.cn)?\z")]
    private static partial Regex Hosts();

    // As it was written: a parsed address has forgotten an empty user, a turned slash, or a port.
    [GeneratedRegex(@"^https://[a-z0-9.-]+/[!-\[\]-~]*\z")]
    private static partial Regex Addresses();
}
