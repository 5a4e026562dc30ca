using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using MudBlazor.Services;
using PartnerPortal.Data;
using PartnerPortal.Data.Audit;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine;
using PartnerPortal.Engine.Escalation.Channels;
using PartnerPortal.Engine.Running;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Incidents;
using PartnerPortal.Web.Reviews;
using PartnerPortal.Web.Runbooks;

namespace PartnerPortal.Web.Shell;

/// <summary>Everything that the portal is made of, by name.</summary>
public static class PortalServices
{
    /// <summary>Adds storage, engine, access, pages and the HTTP API.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services, IConfiguration configuration, HostDatabase database)
    {
        services.AddSingleton(database);
        services.AddSingleton(PortalAddress.Read(configuration["Portal:Url"]));
        services.AddSingleton(OutsideHeartbeat.Read(configuration["Portal:Watch:HeartbeatUrl"]));
        services.AddSingleton(IncidentPatience.Read(configuration["Portal:Incidents:AcknowledgementTimeout"]));
        services.AddPortalStorage(database.ConnectionString);
        services.AddFieldCipher(database.DataDirectory, database.KeySetting);
        services.AddGuardedOutbound(configuration);
        services.AddSingleton(new AuditHeadFile(database.DataDirectory));
        services.AddSingleton(Retention.Read(
            configuration["Portal:Metrics:Retention:Raw"], configuration["Portal:Metrics:Retention:FiveMinutes"], configuration["Portal:Metrics:Retention:Hours"]));
        if (MailOptions.Read(name => configuration[name]) is { } mail)
        {
            services.AddSingleton(mail);
        }

        services.AddPortalEngine(MetricsEngine.Read(name => configuration[name]));
        services.AddDataProtection().SetApplicationName("PartnerPortal").PersistKeysToPortal();
        services.AddPortalAccess(configuration);
        services.AddPages();
        services.AddApi();
        services.AddSelfDescription();
        return services;
    }

    private static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            circuit.DetailedErrors = false;
        });
        services.AddCascadingAuthenticationState();
        services.AddSingleton<IncidentDrawing>();
        services.AddSingleton<LiveQueries>();
        services.AddSingleton<FollowedRuns>();
        services.AddSingleton<RunbookActs>();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomLeft;
            mud.SnackbarConfiguration.VisibleStateDuration = 8000;
            mud.SnackbarConfiguration.ShowTransitionDuration = 100;
            mud.SnackbarConfiguration.HideTransitionDuration = 100;
            mud.PopoverOptions.CheckForPopoverProvider = false;
        });
    }

    private static void AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new WordsJsonConverter());
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<PaletteSearch>();
        services.AddSingleton<AnswerImport>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ApiProblems.Complete);
        services.AddExceptionHandler<ApiProblems>();
    }
}
