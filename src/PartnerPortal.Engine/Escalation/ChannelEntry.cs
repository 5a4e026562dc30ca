using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Engine.Escalation.Senders;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Engine.Escalation;

/// <summary>Enters channels and services with the checks that need the outside world: whether their address may be called, and whether their way is set up here.</summary>
public sealed class ChannelEntry(ChannelStore channels, ServiceStore services, OutboundAddress addresses, MailOptions? mail = null, TwilioOptions? twilio = null)
{
    /// <summary>Why a way cannot be used here; null when it can.</summary>
    public string? Missing(ChannelKind kind) => kind switch
    {
        ChannelKind.Mail when mail is null => "Mail is not set up here yet (Portal__Mail__Host).",
        ChannelKind.Sms or ChannelKind.Voice when twilio is null => "Calls and texts are not set up here yet (Portal__Twilio__AccountSid).",
        _ => null,
    };

    /// <summary>Adds one's own channel.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted; a forbidden address is refused with the setting that would allow it.</exception>
    public async Task<EnteredChannel> AddAsync(ChannelDraft draft, Actor by, CancellationToken cancel)
    {
        await CheckAsync(draft, null, cancel);
        return await channels.AddAsync(draft, by, cancel);
    }

    /// <summary>Changes one's own channel.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<Channel> ChangeAsync(Guid id, ChannelDraft draft, Actor by, CancellationToken cancel)
    {
        await CheckAsync(draft, (await channels.MineAsync(by, cancel)).FirstOrDefault(c => c.Channel.Id == id)?.Channel.Kind, cancel);
        return await channels.ChangeAsync(id, draft, by, cancel);
    }

    /// <summary>Saves a service.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<(EnteredChannel Entered, bool IsNew)> SaveAsync(string? slug, ChannelDraft draft, Actor by, CancellationToken cancel)
    {
        var kind = draft.Kind is null && slug is not null ? (await services.GetAsync(slug, cancel)).Channel.Kind : (ChannelKind?)null;
        await CheckAsync(draft, kind, cancel);
        return await services.SaveAsync(slug, draft, by, cancel);
    }

    private async Task CheckAsync(ChannelDraft draft, ChannelKind? known, CancellationToken cancel)
    {
        if ((Words.TryParse<ChannelKind>(draft.Kind ?? "", out var kind) ? kind : known) is ChannelKind.Mail or ChannelKind.Sms or ChannelKind.Voice or null || string.IsNullOrWhiteSpace(draft.Address))
        {
            return;
        }

        if (await addresses.CheckAsync(draft.Address.Trim(), cancel) is { } why)
        {
            throw new FieldsRefused("address", why);
        }
    }
}
