using System.Globalization;
using System.Security.Claims;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Partners;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Integrations;

/// <summary>An integration as the API shows it.</summary>
public sealed record IntegrationAnswer(
    Guid Id, string Slug, string Name, Stage Stage, Criticality Criticality, IReadOnlyList<IntegrationEnvironment> Environments,
    Impact Impact, IReadOnlyList<StageChange> StageHistory, DateTimeOffset CreatedAt, string? EscalationPolicy, string Version)
{
    /// <summary>The answer for an integration.</summary>
    public static IntegrationAnswer Of(Integration i) => new(
        i.Id, i.Slug, i.Name, i.Stage, i.Criticality, i.Environments, i.Impact, i.StageHistory, i.CreatedAt, i.EscalationPolicy, i.Version.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What POST …/stage takes.</summary>
public sealed record StageMove(string? Stage, string? Reason, DateOnly? OverrideUntil, string? Integration);

/// <summary>Integrations over HTTP: list, add, change, move the stage.</summary>
public static class IntegrationEndpoints
{
    /// <summary>Maps /partners/{slug}/integrations and /partners/{slug}/stage.</summary>
    public static void MapIntegrations(this IEndpointRouteBuilder api)
    {
        var integrations = api.MapGroup("/partners/{slug}").WithTags("Integrations");
        integrations.MapGet("/integrations", ListAsync).Needs(Right.Read);
        integrations.MapPost("/integrations", AddAsync).Needs(Right.Edit);
        integrations.MapGet("/integrations/{integration}", GetAsync).Needs(Right.Read);
        integrations.MapPatch("/integrations/{integration}", ChangeAsync).Needs(Right.Edit);
        integrations.MapPost("/stage", MoveAsync).Needs(Right.MoveStages);
    }

    private static async Task<ApiList<IntegrationAnswer>> ListAsync(string slug, PartnerStore store, CancellationToken cancel) =>
        new([.. (await store.GetAsync(slug, cancel)).Integrations.Select(IntegrationAnswer.Of)], null);

    private static async Task<IResult> AddAsync(string slug, IntegrationDraft body, PartnerStore store, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel)
    {
        var added = await store.AddIntegrationAsync(slug, body, user.ToActor(), cancel);
        response.WriteVersion(added.Version);
        return Results.Created($"/api/v1/partners/{slug}/integrations/{added.Slug}", IntegrationAnswer.Of(added));
    }

    private static async Task<IntegrationAnswer> GetAsync(string slug, string integration, IntegrationStore store, HttpResponse response, CancellationToken cancel) =>
        Show(await store.GetAsync(slug, integration, cancel), response);

    private static async Task<IntegrationAnswer> ChangeAsync(
        string slug, string integration, IntegrationDraft body, IntegrationStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel) =>
        Show(await store.ChangeAsync(slug, integration, body, http.Request.ReadVersion(), user.ToActor(), cancel), http.Response);

    private static async Task<PartnerAnswer> MoveAsync(
        string slug, StageMove body, IntegrationStore store, PartnerStore partners, ClaimsPrincipal user, CancellationToken cancel)
    {
        var check = new FieldCheck();
        var to = check.Word("stage", check.Needed("stage", body.Stage, "the stage to move to", 40), Stage.Prospect);
        check.ThrowIfRefused();
        await store.MoveAsync(slug, body.Integration ?? Integration.MainSlug, to, body.Reason, body.OverrideUntil, user.ToActor(), cancel);
        return PartnerAnswer.Of(await partners.GetAsync(slug, cancel));
    }

    private static IntegrationAnswer Show(Integration integration, HttpResponse response)
    {
        response.WriteVersion(integration.Version);
        return IntegrationAnswer.Of(integration);
    }
}
