using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartnerPortal.Domain.Escalation;

/// <summary>What a step calls.</summary>
public enum TargetKind
{
    /// <summary>One of our people, by mail address.</summary>
    Person,

    /// <summary>One of our teams, by slug: everybody in it, in order.</summary>
    Team,

    /// <summary>A contact of a partner, by <c>partner/contact</c>.</summary>
    Contact,

    /// <summary>Everybody here who has the role, by its word.</summary>
    Role,

    /// <summary>Whoever is on call by one of our schedules, by slug.</summary>
    Schedule,

    /// <summary>A service: a webhook, a chat channel, a PagerDuty or Opsgenie service, by slug.</summary>
    Service,
}

/// <summary>Whom a step calls. In JSON one property: <c>{"contact":"tunes/asa"}</c>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Mail address, slug of a team, schedule or service, partner/contact, or role.</param>
[JsonConverter(typeof(TargetJsonConverter))]
public sealed record Target(TargetKind Kind, string Key);

/// <summary>A target as it was typed: exactly one of these.</summary>
/// <param name="Person">Mail address.</param>
/// <param name="Team">Slug of a team.</param>
/// <param name="Contact">partner/contact.</param>
/// <param name="Role">A role's word.</param>
/// <param name="Schedule">Slug of a schedule.</param>
/// <param name="Service">Slug of a service.</param>
public sealed record TargetDraft(string? Person = null, string? Team = null, string? Contact = null, string? Role = null, string? Schedule = null, string? Service = null);

/// <summary>Writes a target as one property named after its kind.</summary>
internal sealed class TargetJsonConverter : JsonConverter<Target>
{
    public override Target Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.EnumerateObject().ToList() is [var only]
            && Words.TryParse<TargetKind>(only.Name, out var kind)
            && only.Value.ValueKind == JsonValueKind.String
                ? new(kind, only.Value.GetString()!)
                : throw new JsonException("A target is one of person, team, contact, role, schedule or service, for example {\"contact\":\"tunes/asa\"}.");
    }

    public override void Write(Utf8JsonWriter writer, Target value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(Words.Of(value.Kind), value.Key);
        writer.WriteEndObject();
    }
}
