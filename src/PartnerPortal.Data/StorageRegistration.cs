using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Audit;
using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Data.Scorecards;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Data;

/// <summary>What a host adds to speak to the portal's database.</summary>
public static class StorageRegistration
{
    /// <summary>Adds the database, the change feed and every store.</summary>
    public static IServiceCollection AddPortalStorage(this IServiceCollection services, string connectionString)
    {
        var withTimeouts = ContextOptions.WithTimeouts(connectionString);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => NpgsqlDataSource.Create(withTimeouts));
        services.AddSingleton<AuditInterceptor>();
        services.AddDbContextFactory<PortalContext>((provider, options) =>
        {
            ContextOptions.Configure(options, withTimeouts);
            options.AddInterceptors(provider.GetRequiredService<AuditInterceptor>());
        });
        services.AddSingleton<PortalDatabase>();
        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton<PresenceFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<PresenceFeed>());
        services.AddSingleton<LeaseStore>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<PersonStore>();
        services.AddScoped<PersonWriting>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<InvitationStore>();
        services.AddSingleton<PartnerStore>();
        services.AddSingleton<PartnerListStore>();
        services.AddSingleton<PartnerImportStore>();
        services.AddSingleton<PracticeStore>();
        services.AddSingleton<IntegrationStore>();
        services.AddSingleton<ContactStore>();
        services.AddSingleton<SearchStore>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<AuditVerification>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<TemplateStore>();
        services.AddSingleton<TemplateDraftStore>();
        services.AddHostedService<TemplateShipping>();
        services.AddSingleton<ReviewStore>();
        services.AddSingleton<DecisionStore>();
        services.AddSingleton<WaiverStore>();
        services.AddSingleton<AnswerWatchStore>();
        services.AddSingleton<TargetStore>();
        services.AddSingleton<TargetReadingStore>();
        services.AddSingleton<ActionStore>();
        services.AddSingleton<ActionListStore>();
        services.AddSingleton<ReviewInvitationStore>();
        services.AddSingleton<ReviewImportStore>();
        services.AddSingleton<ComparisonStore>();
        services.AddSingleton<EvidenceFileStore>();
        services.AddSingleton<PolicyStore>();
        services.AddSingleton<TeamStore>();
        services.AddSingleton<OnCallStore>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<ShiftFeedStore>();
        services.AddSingleton<CoverageStore>();
        services.AddSingleton<Communications.MaintenanceStore>();
        services.AddSingleton<ChannelStore>();
        services.AddSingleton<InhibitionStore>();
        services.AddSingleton<OnUsStore>();
        services.AddSingleton<DrillStore>();
        services.AddSingleton<ServiceStore>();
        services.AddSingleton<RunbookStore>();
        services.AddSingleton<RunbookListStore>();
        services.AddSingleton<RunbookImportStore>();
        services.AddSingleton<RunbookRunStore>();
        services.AddSingleton<MetricSourceStore>();
        services.AddSingleton<SeriesStore>();
        services.AddSingleton<SampleStore>();
        services.AddSingleton<ForwardStore>();
        services.AddSingleton<ScrapeLogStore>();
        services.AddSingleton<PushStore>();
        services.AddSingleton<PushedFamilyStore>();
        services.AddSingleton<SealStore>();
        services.AddSingleton<MergeStore>();
        services.AddSingleton<RollupStore>();
        services.AddSingleton<PartitionStore>();
        services.AddSingleton<ChartStore>();
        services.AddSingleton<CounterPairStore>();
        services.AddSingleton<RuleStore>();
        services.AddSingleton<RuleStandingStore>();
        services.AddSingleton<EventStore>();
        services.AddSingleton<AlertStore>();
        services.AddSingleton<AlertSourceStore>();
        services.AddSingleton<AlertIntakeStore>();
        services.AddSingleton<HeartbeatStore>();
        services.AddSingleton<SilenceStore>();
        services.AddSingleton<PagingWatchStore>();
        services.AddSingleton<IncidentLinks>();
        services.AddSingleton<IncidentOpenStore>();
        services.AddSingleton<IncidentStore>();
        services.AddSingleton<IncidentListStore>();
        services.AddSingleton<DeclareStore>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<NotificationStore>();
        services.TryAddSingleton(new PortalAddress(null));
        services.TryAddSingleton(IncidentPatience.Read(null));
        services.TryAddSingleton(OnUsRule.Read(null));
        return services;
    }

    /// <summary>Adds what seals stored secrets. The key is read, or made, when the first secret is sealed or opened.</summary>
    public static IServiceCollection AddFieldCipher(this IServiceCollection services, string dataDirectory, string? keySetting) => services
        .AddSingleton(_ => KeyFile.ReadOrMake(dataDirectory, keySetting))
        .AddSingleton<FieldCipher>();

    /// <summary>Keeps people, passkeys and second factors in the portal's database.</summary>
    public static IdentityBuilder AddPortalStores(this IdentityBuilder builder) => builder.AddEntityFrameworkStores<PortalContext>();

    /// <summary>Keeps the keys that protect cookies in the portal's database, sealed with its key.</summary>
    public static IDataProtectionBuilder PersistKeysToPortal(this IDataProtectionBuilder builder)
    {
        builder.Services.AddOptions<KeyManagementOptions>().Configure<KeyFile>((options, key) => options.XmlEncryptor = new CookieKeySealer(key));
        return builder.PersistKeysToDbContext<PortalContext>();
    }
}
