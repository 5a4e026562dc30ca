using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Audit;
using PartnerPortal.Engine.Escalation;
using PartnerPortal.Engine.Escalation.Senders;
using PartnerPortal.Engine.Incidents;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.Engine.Metrics.Forwarding;
using PartnerPortal.Engine.Reviews;
using PartnerPortal.Engine.Running;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.Engine;

/// <summary>What a host adds to do the work that nobody looks at.</summary>
public static class EngineRegistration
{
    /// <summary>Adds every module and the host that runs them.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="bigger">The engine that keeps samples instead of the portal's own blocks, or null.</param>
    public static IServiceCollection AddPortalEngine(this IServiceCollection services, MetricsEngine? bigger = null)
    {
        services.AddSingleton<ScrapeClient>();
        services.AddSingleton<ScrapeLog>();
        services.AddSingleton<SourceEntry>();
        services.TryAddSingleton(Retention.Default);
        services.AddSingleton<PartnerClaims>();
        services.AddSingleton<Heads>();
        services.AddSingleton<ScrapeIntake>();
        services.AddSingleton<SeriesIndex>();
        services.AddSingleton<RollupReading>();
        services.AddSingleton<StoredSeries>();
        services.AddSingleton<ISampleSink, PushedSamples>();
        services.AddSingleton<Func<MetricSource, SourceScraper>>(provider => source => ActivatorUtilities.CreateInstance<SourceScraper>(
            provider, source, provider.GetRequiredService<ILogger<SourceScraper>>()));
        services.AddSingleton<ChartReading>();
        services.AddSingleton<MetricCatalogue>();
        services.AddSingleton<RuleReading>();
        services.AddSingleton<RulePreview>();
        services.AddSingleton<SidesReading>();
        services.AddSingleton<MetricBrowser>();
        services.AddSingleton<OnsetReading>();
        services.AddSingleton<RuleBoard>();
        services.AddSingleton<IScrapeListener>(provider => provider.GetRequiredService<RuleBoard>());
        services.AddSingleton<RuleWakes>();
        services.AddSingleton<IEngineModule, RuleModule>();
        services.AddSingleton<CounterPairModule>();
        services.AddSingleton<IEngineModule>(provider => provider.GetRequiredService<CounterPairModule>());
        services.AddSingleton<TargetReading>();
        services.AddSingleton<IEngineModule, TargetModule>();
        services.AddSingleton<IEngineModule, AnswerWatchModule>();
        services.AddSingleton<IEngineModule, EvidenceModule>();
        services.AddSingleton<IEngineModule, ScrapeModule>();
        services.AddSingleton<IEngineModule, PartitionModule>();
        services.AddSingleton<IEngineModule, MergeModule>();
        services.AddSingleton<IEngineModule, ForgetModule>();
        services.AddSingleton<IEngineModule, AuditModule>();
        services.AddSingleton<IEngineModule, IdempotencyModule>();
        services.AddSingleton<IEngineModule, DeliveryModule>();
        services.AddSingleton(provider => SnsIntake.Through(provider.GetRequiredService<GuardedHttpClient>()));
        services.AddSingleton<SnsCertificates>();
        services.AddSingleton<SnsIntake>();
        services.AddSingleton<MailIntake>();
        services.AddSingleton<SelfWatch>();
        services.TryAddSingleton(OutsideHeartbeat.Read(null));
        services.AddSingleton<IEngineModule, SelfWatchModule>();
        services.AddSingleton<IEngineModule, HeartbeatModule>();
        services.AddSingleton<IEngineModule, IncidentModule>();
        services.AddSingleton<IEngineModule, EscalationModule>();
        services.AddSingleton<IEngineModule, ShiftModule>();
        services.AddSingleton<HttpHandOver>();
        services.AddSender<MailSender>();
        services.AddSender<SmsSender>();
        services.AddSender<VoiceSender>();
        services.AddSender<SlackSender>();
        services.AddSender<TeamsSender>();
        services.AddSender<NtfySender>();
        services.AddSender<WebhookSender>();
        services.AddSender<PagerDutySender>();
        services.AddSender<OpsgenieSender>();
        services.AddSingleton<ChannelEntry>();
        services.AddSingleton<ServiceReports>();
        services.AddSingleton<MetricsKeeping>();
        if (bigger is null)
        {
            services.AddOwnBlocks();
        }
        else
        {
            services.AddForwarding(bigger);
        }

        services.AddHostedService<EngineHost>();
        return services;
    }

    // Each channel sends by itself, so that a slow one holds up no other.
    private static void AddSender<T>(this IServiceCollection services)
        where T : class, ISender =>
        services.AddSingleton<IEngineModule>(provider => ActivatorUtilities.CreateInstance<NotificationModule>(provider, ActivatorUtilities.CreateInstance<T>(provider)));

    private static void AddOwnBlocks(this IServiceCollection services)
    {
        services.AddSingleton<ISeriesReader>(provider => provider.GetRequiredService<StoredSeries>());
        services.AddSingleton<IEngineModule, SealModule>();
        services.AddSingleton<IEngineModule, SealPushesModule>();
    }

    private static void AddForwarding(this IServiceCollection services, MetricsEngine bigger)
    {
        services.AddSingleton(bigger);
        // Both addresses stand in the configuration, so the guard lets them through wherever they are.
        services.Configure<OutboundOptions>(outbound =>
        {
            outbound.Endpoints.Add(bigger.QueryUrl);
            outbound.Endpoints.Add(bigger.WriteUrl);
        });
        services.AddSingleton<PrometheusClient>();
        services.AddSingleton<ISeriesReader, ForwardedSeries>();
        services.AddSingleton<ForwardModule>();
        services.AddSingleton<IEngineModule>(provider => provider.GetRequiredService<ForwardModule>());
        services.AddSingleton<IEngineModule, ForwardedHeadsModule>();
    }
}
