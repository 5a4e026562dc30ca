using Microsoft.AspNetCore.Components;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Partners;

/// <summary>A page about something of one partner: reads the partner and the integration that the address names, then what the page itself shows.</summary>
public abstract class PartnerScope : PortalPage
{
    /// <summary>The partner's slug.</summary>
    [Parameter]
    public string Slug { get; set; } = "";

    /// <summary>The integration's slug; absent means the first.</summary>
    [SupplyParameterFromQuery(Name = "integration")]
    public string? IntegrationSlug { get; set; }

    /// <summary>The partner; null until it was read.</summary>
    protected Partner? Partner { get; private set; }

    /// <summary>The integration; null until it was read.</summary>
    protected Integration? Integration { get; private set; }

    [Inject] private PartnerStore Partners { get; set; } = default!;

    /// <summary>Reads what the page shows, after the partner.</summary>
    protected abstract Task LoadAsync();

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>Reads everything again; what is not there is the not-found page.</summary>
    protected async Task ReloadAsync()
    {
        try
        {
            Partner = await Partners.GetAsync(Slug, Gone);
            Integration = Partner.Integrations.FirstOrDefault(i => i.Slug == IntegrationSlug) ?? Partner.Integrations[0];
            await LoadAsync();
        }
        catch (NotThere)
        {
            Navigation.NotFound();
        }
    }
}
