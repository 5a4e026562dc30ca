using PartnerPortal.Web.Access;
using PartnerPortal.Web.Actions;
using PartnerPortal.Web.Audit;
using PartnerPortal.Web.Communications;
using PartnerPortal.Web.Contacts;
using PartnerPortal.Web.Escalation;
using PartnerPortal.Web.Incidents;
using PartnerPortal.Web.Integrations;
using PartnerPortal.Web.Metrics;
using PartnerPortal.Web.Partners;
using PartnerPortal.Web.Reviews;
using PartnerPortal.Web.Runbooks;
using PartnerPortal.Web.Scorecards;

namespace PartnerPortal.Web.Shell;

/// <summary>What a request passes through, and where it can go.</summary>
public static class PortalPipeline
{
    /// <summary>The way in, in this order.</summary>
    public static void UsePortal(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseWhen(c => ApiProblems.IsApi(c.Request.Path), api => api.UseStatusCodePages());
        app.UseWhen(c => !ApiProblems.IsApi(c.Request.Path), pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseAuthentication();
        app.UseStrangersWelcome();
        app.UseRouting();
        app.UseAuthorization();
        app.UseMiddleware<ApiIdempotency>();
        app.UseAntiforgery();
    }

    /// <summary>Where requests go.</summary>
    public static void MapPortal(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapSelfDescription();
        app.MapAccess();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = "'none'");

        app.MapPrometheus();
        app.MapRemoteWrite();
        app.MapEnqueue();
        app.MapShiftCalendars();
        app.MapKeypad();
        var api = app.MapGroup("/api/v1");
        api.MapAccessApi();
        api.MapPartners();
        api.MapIntegrations();
        api.MapScorecards();
        api.MapContacts();
        api.MapAudit();
        api.MapSearch();
        api.MapReviews();
        api.MapTargets();
        api.MapActions();
        api.MapEscalation();
        api.MapRunbooks();
        api.MapRunbookRuns();
        api.MapMetricSources();
        api.MapMetricRanges();
        api.MapMetricKeeping();
        api.MapCharts();
        api.MapRules();
        api.MapOnset();
        api.MapSides();
        api.MapCounterPairs();
        api.MapEvents();
        api.MapAnnotations();
        api.MapAlerts();
        api.MapIncidents();
        api.MapAlertSources();
        api.MapSilences();
        api.MapMaintenance();
        api.MapIntake();
    }
}
