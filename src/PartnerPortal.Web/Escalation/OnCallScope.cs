using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Escalation;

/// <summary>A page that answers for a moment: the one in its address, else now; in the zone of its address, else the browser's.</summary>
public abstract class OnCallScope : PortalPage
{
    private string? _own;

    /// <summary>The asked moment as it stands in the address.</summary>
    [SupplyParameterFromQuery(Name = "at")]
    public string? At { get; set; }

    /// <summary>The asked zone as it stands in the address.</summary>
    [SupplyParameterFromQuery(Name = "zone")]
    public string? AskedZone { get; set; }

    /// <summary>The moment that the page is about.</summary>
    protected AskedMoment Moment => AskedMoment.Read(At, AskedZone, _own, Now);

    [Inject] private IJSRuntime Browser { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        _own = await Browser.CallAsync<string>(Assets["js/portal.js"], "zone", Gone);
    }
}
