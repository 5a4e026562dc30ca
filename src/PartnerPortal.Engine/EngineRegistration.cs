using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Engine.Audit;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Engine.Running;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.Engine;

/// <summary>What a host adds to do the work that nobody looks at.</summary>
public static class EngineRegistration
{
    /// <summary>Adds every module and the host that runs them.</summary>
    public static IServiceCollection AddPortalEngine(this IServiceCollection services)
    {
        services.AddSingleton<ScrapeClient>();
        services.AddSingleton<ScrapeLog>();
        services.AddSingleton<SourceEntry>();
        services.AddSingleton<ISeriesReader, StoredSeries>();
        services.AddSingleton<ChartReading>();
        services.AddSingleton<MetricCatalogue>();
        services.AddSingleton<IEngineModule, ScrapeModule>();
        services.AddSingleton<IEngineModule, SealModule>();
        services.AddSingleton<IEngineModule, ForgetModule>();
        services.AddSingleton<IEngineModule, AuditModule>();
        services.AddSingleton<IEngineModule, IdempotencyModule>();
        services.AddHostedService<EngineHost>();
        return services;
    }
}
