using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Web.Integrations;

namespace PartnerPortal.Web.Partners;

/// <summary>A partner as the API shows it. Stage and criticality are those of its first integration.</summary>
public sealed record PartnerAnswer(
    Guid Id, string Slug, string Name, string Summary, string? Owner, string? Deputy, Tier Tier, IReadOnlyList<string> Tags,
    Stage Stage, Criticality Criticality, IReadOnlyList<PartnerLink> Links, IReadOnlyList<PartnerDocument> Documents, string? MailAddress,
    IReadOnlyList<IntegrationAnswer> Integrations, DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt, string Version)
{
    /// <summary>The answer for a partner read with its integrations.</summary>
    public static PartnerAnswer Of(Partner p) => new(
        p.Id, p.Slug, p.Name, p.Summary, p.Owner, p.Deputy, p.Tier, p.Tags,
        p.Integrations[0].Stage, p.Integrations[0].Criticality, p.Links, p.Documents, p.MailAddress,
        [.. p.Integrations.Select(IntegrationAnswer.Of)], p.CreatedAt, p.ArchivedAt, p.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>What POST /partners takes: a partner, and the stage at which it is entered.</summary>
public sealed record NewPartner(
    string? Name, string? Slug, string? Summary, string? Owner, string? Deputy, string? Tier, string? Stage,
    IReadOnlyList<string>? Tags, IReadOnlyList<LinkDraft>? Links, IReadOnlyList<DocumentDraft>? Documents, string? MailAddress)
{
    /// <summary>The part that is the partner's own.</summary>
    public PartnerDraft Draft => new(Name, Slug, Summary, Owner, Deputy, Tier, Tags, Links, Documents, MailAddress);
}
