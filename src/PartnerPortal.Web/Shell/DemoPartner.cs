using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Web.Shell;

/// <summary>One partner of the demo, as a person would type it.</summary>
/// <param name="Partner">The company.</param>
/// <param name="Stage">The stage of its first integration.</param>
/// <param name="Main">Its first integration.</param>
internal sealed record DemoPartner(PartnerDraft Partner, string Stage, IntegrationDraft Main)
{
    /// <summary>Integrations beside the first.</summary>
    public IReadOnlyList<IntegrationDraft> Others { get; init; } = [];

    public string Slug => Partner.Slug!;
}
