using Microsoft.Extensions.Hosting;

namespace PartnerPortal.Data.Reviews;

/// <summary>Makes sure at every start that the templates that come with the portal are there.</summary>
internal sealed class TemplateShipping(TemplateStore templates) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => templates.ShipAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
