using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Web.Escalation;

/// <summary>What the fields of a channel are called, by its way.</summary>
internal static class ChannelWords
{
    /// <summary>The label of the address.</summary>
    public static string AddressOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Mail => "Mail address",
        ChannelKind.Sms or ChannelKind.Voice => "Phone number",
        ChannelKind.Slack or ChannelKind.Teams => "Address of the incoming webhook",
        ChannelKind.Ntfy => "Topic address",
        _ => "Web address",
    };

    /// <summary>An example of it.</summary>
    public static string ExampleOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Mail => "ana@example.com",
        ChannelKind.Sms or ChannelKind.Voice => "+46 8 123 456 78",
        ChannelKind.Slack => "https://hooks.slack.com/services/…",
        ChannelKind.Ntfy => "https://ntfy.sh/our-topic",
        ChannelKind.Pagerduty => "https://events.pagerduty.com",
        ChannelKind.Opsgenie => "https://api.opsgenie.com",
        _ => "https://…",
    };

    /// <summary>The label of the secret; null for a way that has none beside its address.</summary>
    public static string? SecretOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Ntfy => "Access token",
        ChannelKind.Webhook => "Signing secret (one is made when empty)",
        ChannelKind.Pagerduty => "Integration key",
        ChannelKind.Opsgenie => "API key",
        _ => null,
    };
}
