using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.Web.Shell;

/// <summary>
/// Enters the partners of the demo through the same stores and rules as a person does. A partner whose slug
/// exists, archived or not, is left alone with all that belongs to it, so a second start changes nothing and
/// nobody's own data is touched.
/// </summary>
public sealed class DemoSeed(PartnerStore partners, IntegrationStore integrations, DemoOptions demo, TimeProvider clock, ILogger<DemoSeed> log)
    : BackgroundService
{
    private static readonly Actor By = Actor.Portal("demo");

    /// <summary>Enters what is not there; answers how many partners were new.</summary>
    public async Task<int> PlantAsync(CancellationToken cancel)
    {
        var planted = 0;
        foreach (var partner in DemoPartners.All(demo.Address, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)))
        {
            if (!await IsThereAsync(partner.Slug, cancel))
            {
                await EnterAsync(partner, cancel);
                planted++;
            }
        }

        return planted;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await PlantAsync(stoppingToken) is > 0 and var planted)
            {
                log.LogInformation("The demo has entered {Count} partners", planted);
            }
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // A demo without its partners is still a portal.
            log.LogError(failure, "The partners of the demo could not be entered");
        }
    }

    private async Task EnterAsync(DemoPartner partner, CancellationToken cancel)
    {
        await partners.EnterAsync(partner.Partner, partner.Stage, By, cancel);
        await integrations.ChangeAsync(partner.Slug, Integration.MainSlug, partner.Main, null, By, cancel);
        foreach (var other in partner.Others)
        {
            await partners.AddIntegrationAsync(partner.Slug, other, By, cancel);
        }
    }

    private async Task<bool> IsThereAsync(string slug, CancellationToken cancel)
    {
        try
        {
            await partners.GetAsync(slug, cancel);
            return true;
        }
        catch (NotThere)
        {
            return false;
        }
    }
}
