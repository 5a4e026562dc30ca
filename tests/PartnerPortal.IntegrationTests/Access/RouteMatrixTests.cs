// Every route of the portal, and who may use it. A route that is not listed here fails the test, and so does a listed one that is gone.
//
// To add a route: write it on a line of its own under the right that it needs, in alphabetical order.
//   pages:      their template, as after @page:          "/partners/{slug}",
//   endpoints:  method and template, as they are mapped: "GET /api/v1/partners/{slug}",
// Under "Anonymous" stands what a stranger may call; under "Own account" what needs a person's own sign-in, so no token.
// The tests then call every route as a stranger and as every role and compare with the rights table of the Domain.
// The file is long because the list is: one line a route, kept beside the checks that read it.
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Access;

public sealed partial class RouteMatrixTests(SharedPortal portal) : IClassFixture<SharedPortal>
{
    private const string Anonymous = "Anonymous";
    private const string OwnAccount = "Own account";

    private static readonly Dictionary<string, string[]> Table = new()
    {
        [Anonymous] =
        [
            "/error",
            "/guest/{Secret}",
            "/i/{Token}",
            "/invitation/{Secret}",
            "/not-found",
            "/set-up",
            "/set-up/{Secret}",
            "/sign-in",
            "/sign-in/code",
            "GET /api/v1/intake/heartbeat/{token}",
            "GET /feeds/{secret}.ics",
            "GET /healthz",
            "GET /readyz",
            "POST /api/v1/intake/heartbeat/{token}",
            "POST /api/v1/intake/service/{token}",
            "POST /api/v1/intake/{kind}/{token}",
            "POST /api/v1/intake/{kind}/{token}/{**path}",
            "POST /i/{token}/keypad",
            "POST /sign-in/passkey",
            "POST /v2/alerts",
            "POST /v2/alerts/{**path}",
            "POST /v2/enqueue",
        ],
        [OwnAccount] =
        [
            "/account",
            "/account/recovery-codes",
            "/account/second-step",
            "POST /account/passkey",
            "POST /sign-out",
        ],
        [nameof(Right.SignedIn)] =
        [
            "GET /api/v1/me",
            "GET /api/v1/reviews/{id:guid}/files/{file:guid}",
            "GET /api/v1/sessions",
            "POST /api/v1/sessions/{id:guid}/end",
        ],
        [nameof(Right.AnswerOwnItems)] =
        [
            "/guest",
            "/guest/reviews/{Id:guid}",
            "POST /api/v1/reviews/{id:guid}/answers/import",
            "POST /api/v1/reviews/{id:guid}/answers/{key}/files",
            "POST /api/v1/reviews/{id:guid}/answers/{key}/undo",
            "PUT /api/v1/reviews/{id:guid}/answers/{key}",
        ],
        [nameof(Right.Read)] =
        [
            "/",
            "/actions/{Id:guid}",
            "/alerts",
            "/alerts/{Id:guid}",
            "/escalation",
            "/escalation/channels",
            "/escalation/coverage",
            "/escalation/policies/{PolicySlug}",
            "/escalation/schedules/{ScheduleSlug}",
            "/escalation/teams/new",
            "/escalation/teams/{TeamSlug}",
            "/incidents",
            "/incidents/{Number:int}",
            "/partners",
            "/partners/{Slug}",
            "/partners/{Slug}/actions",
            "/partners/{Slug}/alerts",
            "/partners/{Slug}/charts",
            "/partners/{Slug}/contacts",
            "/partners/{Slug}/escalation",
            "/partners/{Slug}/events",
            "/partners/{Slug}/history",
            "/partners/{Slug}/maintenance",
            "/partners/{Slug}/metric-sources",
            "/partners/{Slug}/metrics/explore",
            "/partners/{Slug}/pairs",
            "/partners/{Slug}/print",
            "/partners/{Slug}/reviews",
            "/partners/{Slug}/rules",
            "/partners/{Slug}/runbooks",
            "/partners/{Slug}/runbooks/{RunbookSlug}",
            "/partners/{Slug}/runbooks/{RunbookSlug}/versions",
            "/partners/{Slug}/targets",
            "/reviews/compare",
            "/reviews/{Id:guid}",
            "/reviews/{Id:guid}/print",
            "/runbook-runs/{Id:guid}",
            "/runbooks",
            "/settings",
            "/settings/alert-sources",
            "/settings/alert-sources/{Id:guid}",
            "/settings/checklists",
            "/settings/checklists/{Slug}",
            "/work",
            "DELETE /api/v1/me/channels/{id:guid}",
            "DELETE /api/v1/shift-feeds/{id:guid}",
            "GET /api/v1/actions",
            "GET /api/v1/actions/export",
            "GET /api/v1/actions/{id:guid}",
            "GET /api/v1/alert-sources",
            "GET /api/v1/alert-sources/mappings",
            "GET /api/v1/alert-sources/{id:guid}",
            "GET /api/v1/alerts",
            "GET /api/v1/alerts/{id:guid}",
            "GET /api/v1/audit",
            "GET /api/v1/audit/export.csv",
            "GET /api/v1/checklist-templates",
            "GET /api/v1/checklist-templates/{slug}",
            "GET /api/v1/checklist-templates/{slug}/versions",
            "GET /api/v1/coverage",
            "GET /api/v1/escalation-policies",
            "GET /api/v1/escalation-policies/{slug}",
            "GET /api/v1/escalation-policies/{slug}/drills",
            "GET /api/v1/escalation-policies/{slug}/who",
            "GET /api/v1/escalation-targets",
            "GET /api/v1/events",
            "GET /api/v1/events/{id:guid}",
            "GET /api/v1/incidents",
            "GET /api/v1/incidents/{id}",
            "GET /api/v1/incidents/{id}/runbook-runs",
            "GET /api/v1/me/channels",
            "GET /api/v1/me/notification-habits",
            "GET /api/v1/partners",
            "GET /api/v1/partners/export",
            "GET /api/v1/partners/{slug}",
            "GET /api/v1/partners/{slug}/actions",
            "GET /api/v1/partners/{slug}/annotations",
            "GET /api/v1/partners/{slug}/charts",
            "GET /api/v1/partners/{slug}/contacts",
            "GET /api/v1/partners/{slug}/contacts.csv",
            "GET /api/v1/partners/{slug}/contacts.vcf",
            "GET /api/v1/partners/{slug}/contacts/{contact}",
            "GET /api/v1/partners/{slug}/contacts/{contact}.vcf",
            "GET /api/v1/partners/{slug}/contacts/{contact}/attempts",
            "GET /api/v1/partners/{slug}/integrations",
            "GET /api/v1/partners/{slug}/integrations/{integration}",
            "GET /api/v1/partners/{slug}/maintenance",
            "GET /api/v1/partners/{slug}/metric-sources",
            "GET /api/v1/partners/{slug}/metric-sources/{name}",
            "GET /api/v1/partners/{slug}/metrics",
            "GET /api/v1/partners/{slug}/metrics/labels",
            "GET /api/v1/partners/{slug}/metrics/onset",
            "GET /api/v1/partners/{slug}/metrics/range",
            "GET /api/v1/partners/{slug}/metrics/sides",
            "GET /api/v1/partners/{slug}/pairs",
            "GET /api/v1/partners/{slug}/pairs/{pair}",
            "GET /api/v1/partners/{slug}/reviews",
            "GET /api/v1/partners/{slug}/rules",
            "GET /api/v1/partners/{slug}/rules/{rule}",
            "GET /api/v1/partners/{slug}/runbooks",
            "GET /api/v1/partners/{slug}/runbooks/{runbook}",
            "GET /api/v1/partners/{slug}/runbooks/{runbook}/diff",
            "GET /api/v1/partners/{slug}/runbooks/{runbook}/versions",
            "GET /api/v1/partners/{slug}/runbooks/{runbook}/versions/{number:int}",
            "GET /api/v1/partners/{slug}/scorecard",
            "GET /api/v1/partners/{slug}/targets",
            "GET /api/v1/partners/{slug}/targets/{key}",
            "GET /api/v1/partners/{slug}/waivers",
            "GET /api/v1/partners/{slug}/who",
            "GET /api/v1/reviews/{id:guid}",
            "GET /api/v1/reviews/{id:guid}/answers/{key}/history",
            "GET /api/v1/reviews/{id:guid}/export",
            "GET /api/v1/reviews/{id:guid}/files",
            "GET /api/v1/reviews/{id:guid}/invitations",
            "GET /api/v1/runbook-runs/{id:guid}",
            "GET /api/v1/runbooks",
            "GET /api/v1/schedules",
            "GET /api/v1/schedules/{slug}",
            "GET /api/v1/schedules/{slug}/gaps",
            "GET /api/v1/schedules/{slug}/on-call",
            "GET /api/v1/schedules/{slug}/shifts",
            "GET /api/v1/search",
            "GET /api/v1/services",
            "GET /api/v1/services/{slug}",
            "GET /api/v1/shift-feeds",
            "GET /api/v1/teams",
            "GET /api/v1/teams/{slug}",
            "GET /metrics",
            "GET /openapi/{documentName}.json",
            "GET /prometheus/api/v1/label/{name}/values",
            "GET /prometheus/api/v1/labels",
            "GET /prometheus/api/v1/metadata",
            "GET /prometheus/api/v1/query",
            "GET /prometheus/api/v1/query_range",
            "GET /prometheus/api/v1/series",
            "GET /prometheus/api/v1/status/buildinfo",
            "HEAD /openapi/{documentName}.json",
            "POST /api/v1/me/channels",
            "POST /api/v1/me/channels/test",
            "POST /api/v1/me/channels/{id:guid}/proof",
            "POST /api/v1/me/channels/{id:guid}/test",
            "POST /api/v1/shift-feeds",
            "POST /prometheus/api/v1/labels",
            "POST /prometheus/api/v1/query",
            "POST /prometheus/api/v1/query_range",
            "POST /prometheus/api/v1/series",
            "PUT /api/v1/me/channels/order",
            "PUT /api/v1/me/channels/{id:guid}",
            "PUT /api/v1/me/notification-habits",
        ],
        [nameof(Right.Edit)] =
        [
            "/actions/{Id:guid}/edit",
            "/partners/import",
            "/partners/new",
            "/partners/{Slug}/actions/new",
            "/partners/{Slug}/charts/new",
            "/partners/{Slug}/charts/{Id:guid}",
            "/partners/{Slug}/contacts/new",
            "/partners/{Slug}/contacts/{Contact}/edit",
            "/partners/{Slug}/edit",
            "/partners/{Slug}/metric-sources/new",
            "/partners/{Slug}/metric-sources/{Source}",
            "/partners/{Slug}/pairs/new",
            "/partners/{Slug}/pairs/{PairSlug}",
            "/partners/{Slug}/rules/burn-rate",
            "/partners/{Slug}/rules/new",
            "/partners/{Slug}/rules/{RuleSlug}",
            "/partners/{Slug}/targets/new",
            "/partners/{Slug}/targets/{Key}",
            "/settings/checklists/import",
            "/settings/checklists/new",
            "/settings/checklists/{Slug}/edit",
            "DELETE /api/v1/alert-sources/{id:guid}",
            "DELETE /api/v1/alert-sources/{id:guid}/signing-secret",
            "DELETE /api/v1/events/{id:guid}",
            "DELETE /api/v1/partners/{slug}/charts/{id:guid}",
            "DELETE /api/v1/partners/{slug}/metric-sources/{name}",
            "DELETE /api/v1/partners/{slug}/pairs/{pair}",
            "DELETE /api/v1/partners/{slug}/rules/{rule}",
            "DELETE /api/v1/partners/{slug}/targets/{key}",
            "GET /api/v1/alert-sources/{id:guid}/refused",
            "PATCH /api/v1/actions/{id:guid}",
            "PATCH /api/v1/alert-sources/{id:guid}",
            "PATCH /api/v1/partners/{slug}",
            "PATCH /api/v1/partners/{slug}/charts/{id:guid}",
            "PATCH /api/v1/partners/{slug}/contacts/{contact}",
            "PATCH /api/v1/partners/{slug}/integrations/{integration}",
            "PATCH /api/v1/partners/{slug}/metric-sources/{name}",
            "PATCH /api/v1/partners/{slug}/targets/{key}",
            "POST /api/v1/actions/{id:guid}/done",
            "POST /api/v1/actions/{id:guid}/drop",
            "POST /api/v1/actions/{id:guid}/reopen",
            "POST /api/v1/alert-sources",
            "POST /api/v1/alert-sources/{id:guid}/refused/{delivery:guid}/replay",
            "POST /api/v1/alert-sources/{id:guid}/rotate",
            "POST /api/v1/alert-sources/{id:guid}/signing-secret",
            "POST /api/v1/alert-sources/{id:guid}/try",
            "POST /api/v1/checklist-templates",
            "POST /api/v1/checklist-templates/import",
            "POST /api/v1/events",
            "POST /api/v1/partners",
            "POST /api/v1/partners/import",
            "POST /api/v1/partners/{slug}/actions",
            "POST /api/v1/partners/{slug}/archive",
            "POST /api/v1/partners/{slug}/charts",
            "POST /api/v1/partners/{slug}/contacts",
            "POST /api/v1/partners/{slug}/contacts/{contact}/confirm",
            "POST /api/v1/partners/{slug}/contacts/{contact}/order",
            "POST /api/v1/partners/{slug}/contacts/{contact}/remove",
            "POST /api/v1/partners/{slug}/contacts/{contact}/restore",
            "POST /api/v1/partners/{slug}/integrations",
            "POST /api/v1/partners/{slug}/metric-sources",
            "POST /api/v1/partners/{slug}/metric-sources/try",
            "POST /api/v1/partners/{slug}/metric-sources/{name}/pause",
            "POST /api/v1/partners/{slug}/metric-sources/{name}/resume",
            "POST /api/v1/partners/{slug}/restore",
            "POST /api/v1/partners/{slug}/rules",
            "POST /api/v1/partners/{slug}/rules/burn-rate",
            "POST /api/v1/partners/{slug}/rules/preview",
            "POST /api/v1/partners/{slug}/targets",
            "POST /api/v1/partners/{slug}/targets/{key}/observations",
            "POST /prometheus/api/v1/write",
            "PUT /api/v1/checklist-templates/{slug}",
            "PUT /api/v1/partners/{slug}/charts/order",
            "PUT /api/v1/partners/{slug}/pairs/{pair}",
            "PUT /api/v1/partners/{slug}/rules/{rule}",
        ],
        [nameof(Right.AnswerReviews)] =
        [
            "/reviews/{Id:guid}/import",
            "POST /api/v1/partners/{slug}/reviews",
            "POST /api/v1/reviews/import",
            "POST /api/v1/reviews/{id:guid}/invitations",
            "POST /api/v1/reviews/{id:guid}/invitations/{invitation:guid}/revoke",
            "POST /api/v1/reviews/{id:guid}/move-to-newest",
        ],
        [nameof(Right.ConcludeReviews)] =
        [
            "/reviews/{Id:guid}/conclude",
            "POST /api/v1/reviews/{id:guid}/conclude",
        ],
        [nameof(Right.Respond)] =
        [
            "/incidents/new",
            "/silences",
            "DELETE /api/v1/inhibitions/{id:guid}",
            "DELETE /api/v1/partners/{slug}/maintenance/{id:guid}",
            "DELETE /api/v1/schedules/{slug}/overrides/{id:guid}",
            "DELETE /api/v1/silences/{id:guid}",
            "GET /api/v1/inhibitions",
            "GET /api/v1/silences",
            "PATCH /api/v1/incidents/{id}",
            "POST /api/v1/incidents",
            "POST /api/v1/incidents/{id}/acknowledge",
            "POST /api/v1/incidents/{id}/escalate",
            "POST /api/v1/incidents/{id}/merge",
            "POST /api/v1/incidents/{id}/note",
            "POST /api/v1/incidents/{id}/reassign",
            "POST /api/v1/incidents/{id}/resolve",
            "POST /api/v1/incidents/{id}/responders",
            "POST /api/v1/incidents/{id}/runbook-runs",
            "POST /api/v1/incidents/{id}/snooze",
            "POST /api/v1/incidents/{id}/use-current-policy",
            "POST /api/v1/inhibitions",
            "POST /api/v1/partners/{slug}/contacts/{contact}/attempts",
            "POST /api/v1/partners/{slug}/maintenance",
            "POST /api/v1/partners/{slug}/runbooks/{runbook}/verify",
            "POST /api/v1/runbook-runs/{id:guid}/steps/{key}",
            "POST /api/v1/schedules/{slug}/overrides",
            "POST /api/v1/silences",
        ],
        [nameof(Right.EditPolicies)] =
        [
            "/escalation/policies/new",
            "/escalation/policies/{PolicySlug}/edit",
            "/escalation/schedules/new",
            "/escalation/schedules/{ScheduleSlug}/edit",
            "/escalation/services/new",
            "/escalation/services/{ServiceSlug}",
            "/partners/{Slug}/runbooks/import",
            "/partners/{Slug}/runbooks/new",
            "/partners/{Slug}/runbooks/{RunbookSlug}/edit",
            "DELETE /api/v1/escalation-policies/{slug}",
            "DELETE /api/v1/schedules/{slug}",
            "DELETE /api/v1/services/{slug}",
            "DELETE /api/v1/teams/{slug}",
            "POST /api/v1/escalation-policies",
            "POST /api/v1/escalation-policies/{slug}/drills",
            "POST /api/v1/partners/{slug}/runbooks",
            "POST /api/v1/partners/{slug}/runbooks/{runbook}/archive",
            "POST /api/v1/partners/{slug}/runbooks/{runbook}/restore",
            "POST /api/v1/partners/{slug}/runbooks/{runbook}/versions/{number:int}/restore",
            "POST /api/v1/runbooks/import",
            "POST /api/v1/schedules",
            "POST /api/v1/services",
            "POST /api/v1/services/{slug}/report-address",
            "POST /api/v1/services/{slug}/test",
            "POST /api/v1/teams",
            "PUT /api/v1/escalation-policies/{slug}",
            "PUT /api/v1/partners/{slug}/runbooks/{runbook}",
            "PUT /api/v1/schedules/{slug}",
            "PUT /api/v1/services/{slug}",
            "PUT /api/v1/teams/{slug}",
        ],
        [nameof(Right.RequestMoves)] =
        [
            "POST /api/v1/partners/{slug}/targets/{key}/waiver",
            "POST /api/v1/reviews/{id:guid}/answers/{key}/waiver",
        ],
        [nameof(Right.MoveStages)] =
        [
            "POST /api/v1/partners/{slug}/stage",
            "POST /api/v1/partners/{slug}/targets/{key}/waiver/approve",
            "POST /api/v1/partners/{slug}/targets/{key}/waiver/end",
            "POST /api/v1/reviews/{id:guid}/answers/{key}/waiver/approve",
            "POST /api/v1/reviews/{id:guid}/answers/{key}/waiver/end",
        ],
        [nameof(Right.Administer)] =
        [
            "/settings/audit",
            "/settings/metrics",
            "/settings/people",
            "/settings/sessions",
            "/settings/tokens",
            "GET /api/v1/audit/verification",
            "GET /api/v1/invitations",
            "GET /api/v1/metrics/engine",
            "GET /api/v1/people",
            "GET /api/v1/people/{id:guid}",
            "GET /api/v1/tokens",
            "PATCH /api/v1/people/{id:guid}",
            "POST /api/v1/invitations",
            "POST /api/v1/invitations/{id:guid}/revoke",
            "POST /api/v1/people/{id:guid}/end-sessions",
            "POST /api/v1/tokens",
            "POST /api/v1/tokens/{id:guid}/revoke",
        ],
    };

    private readonly PortalApp _app = portal.App;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_route_is_listed_and_every_listed_route_exists()
    {
        var needs = Routes().ToDictionary(r => r.Name, r => r.Need);
        var there = needs.Keys.ToList();
        var listed = Listed().Select(l => l.Route).ToList();
        List<string> wrong =
        [
            .. listed.GroupBy(l => l).Where(g => g.Count() > 1).Select(g => $"listed twice: {g.Key}"),
            .. there.Except(listed).Order(StringComparer.Ordinal).Select(r => $"not listed under {needs[r]}: {r}"),
            .. Listed().Where(l => needs.TryGetValue(l.Route, out var need) && need != l.Need).Select(l => $"listed under {l.Need}, but it asks for {needs[l.Route]}: {l.Route}"),
            .. listed.Except(there).Order(StringComparer.Ordinal).Select(r => $"listed, but gone: {r}"),
        ];
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_list_is_in_alphabetical_order()
    {
        foreach (var (need, lines) in Table)
        {
            Assert.True(lines.SequenceEqual(lines.Order(StringComparer.Ordinal)), $"Sort the routes under {need}:\n{string.Join('\n', lines.Order(StringComparer.Ordinal))}");
        }
    }

    [Fact]
    public async Task Every_route_admits_exactly_the_roles_of_the_rights_table()
    {
        var needs = Listed().ToDictionary(l => l.Route, l => l.Need);
        var stranger = _app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        Dictionary<Role, HttpClient> people = [];
        foreach (var role in Enum.GetValues<Role>())
        {
            people[role] = await _app.SignedInAsync(role);
        }

        List<string> wrong = [];
        foreach (var route in Routes().Where(r => needs.ContainsKey(r.Name)))
        {
            var need = needs[route.Name];
            await CheckAsync(route, "a stranger", stranger, need == Anonymous || route.Name == "/", wrong);
            foreach (var (role, client) in people)
            {
                var may = need is Anonymous or OwnAccount || Rights.Has(role, Enum.Parse<Right>(need));
                await CheckAsync(route, Words(role), client, may, wrong);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Files_and_nothing_else_are_open_without_being_listed() => Assert.All(
        Endpoints().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is not null),
        e => Assert.NotNull(e.Metadata.GetMetadata<IAllowAnonymous>()));

    private static async Task CheckAsync(Route route, string who, HttpClient client, bool may, List<string> wrong)
    {
        using var request = new HttpRequestMessage(new(route.Method), route.Address);
        if (route.Method is not ("GET" or "DELETE"))
        {
            request.Content = new StringContent("{}", Encoding.UTF8, route.Takes);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var refused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || answer.Headers.Location?.ToString().Contains("/sign-in?returnUrl", StringComparison.Ordinal) == true;
        if (refused == may || (int)answer.StatusCode >= 500)
        {
            wrong.Add($"{route.Name} as {who}: {(int)answer.StatusCode} {answer.Headers.Location}, although {(may ? "it should be admitted" : "it should be refused")}");
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints() => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private List<Route> Routes() =>
    [
        .. Endpoints()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !Framework().IsMatch(e.RoutePattern.RawText ?? ""))
            .SelectMany(e =>
            {
                var path = "/" + e.RoutePattern.RawText!.Trim('/');
                var page = e.Metadata.Any(m => m is Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata);
                IReadOnlyList<string> methods = page ? ["GET"] : e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
                return methods.Select(m => new Route(page ? path : $"{m} {path}", m, Fill(path), NeedOf(e), e.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is [var first, ..] ? first : "application/json"));
            })
            .DistinctBy(r => r.Name),
    ];

    // The word under which a route is to be listed.
    private static string NeedOf(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return Anonymous;
        }

        var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).Distinct().ToList();
        return policies switch
        {
            [] => nameof(Right.SignedIn),
            ["own account"] => OwnAccount,
            [{ } only] => only.Replace("right:", "", StringComparison.Ordinal),
            _ => string.Join(" and ", policies),
        };
    }

    private static IEnumerable<(string Route, string Need)> Listed() => Table.SelectMany(t => t.Value.Select(l => (l, t.Key)));

    // Everybody's audit log is the administrator's; the right named by its address is that of one partner's part.
    private static string Fill(string template) => Filled(OfOnePartner.Contains(template) ? template + "?partner=none" : template);

    private static readonly HashSet<string> OfOnePartner = ["/api/v1/audit", "/api/v1/audit/export.csv"];

    private static string Filled(string template) => Parameter().Replace(template, p => p.Value.Contains(":guid", StringComparison.Ordinal) ? Guid.Empty.ToString() : p.Value.Contains(":int", StringComparison.Ordinal) ? "1" : "none");

    private static string Words(Role role) => Domain.Words.Of(role);

    // What the page framework itself maps: its live connection asks for a signed-in person by the fallback policy, its files for nobody.
    [GeneratedRegex(@"^/?(_blazor|_framework|_content|\{\*\*path:file\}$)")]
    private static partial Regex Framework();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private sealed record Route(string Name, string Method, string Address, string Need, string Takes);
}
