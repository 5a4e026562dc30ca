using System.Security.Claims;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>Checklist templates over HTTP.</summary>
public static class TemplateEndpoints
{
    /// <summary>Maps list, read, create and publish. A checklist holds nothing of any partner, so tokens bound to one may read it.</summary>
    public static void MapTemplates(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/checklist-templates").WithTags("Reviews");
        templates.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        templates.MapPost("", CreateAsync).Needs(Right.Edit);
        templates.MapTemplateImport();
        templates.MapGet("/{slug}", GetAsync).Needs(Right.Read).NarrowsToPartner();
        templates.MapPut("/{slug}", PublishAsync).Needs(Right.Edit);
        templates.MapGet("/{slug}/versions", VersionsAsync).Needs(Right.Read).NarrowsToPartner();
    }

    private static async Task<ApiList<TemplateRow>> ListAsync(TemplateStore templates, CancellationToken cancel) =>
        new(await templates.ListAsync(cancel), null);

    private static async Task<TemplateReply> GetAsync(string slug, int? version, TemplateStore templates, HttpResponse response, CancellationToken cancel)
    {
        var frozen = await templates.GetAsync(slug, version, cancel);
        response.WriteVersion((uint)frozen.Number);
        return TemplateReply.Of(frozen);
    }

    private static async Task<ApiList<TemplateVersionRow>> VersionsAsync(string slug, TemplateStore templates, CancellationToken cancel) =>
        new(await templates.VersionsAsync(slug, cancel), null);

    // If-Match is welcome and not required: what is published stays readable, so nobody's text can be lost.
    private static async Task<TemplateReply> PublishAsync(string slug, ChecklistDraft draft, TemplateStore templates, HttpContext http, CancellationToken cancel)
    {
        try
        {
            var frozen = await templates.PublishAsync(slug, draft, (int?)http.Request.ReadVersion(), http.User.ToActor(), cancel);
            http.Response.WriteVersion((uint)frozen.Number);
            return TemplateReply.Of(frozen);
        }
        catch (ChangedMeanwhile stale) when (stale.Current is FrozenTemplate newest)
        {
            throw new ChangedMeanwhile(TemplateReply.Of(newest));
        }
    }

    private static async Task<IResult> CreateAsync(ChecklistDraft draft, ClaimsPrincipal user, TemplateStore templates, CancellationToken cancel)
    {
        var template = await templates.CreateAsync(draft, user.ToActor(), cancel);
        return Results.Created($"/api/v1/checklist-templates/{template.Slug}", TemplateReply.Of(await templates.GetAsync(template.Slug, null, cancel)));
    }
}
