using System.Security.Claims;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>Checklist templates over HTTP.</summary>
public static class TemplateEndpoints
{
    /// <summary>Maps list, read and create. A checklist holds nothing of any partner, so tokens bound to one may read it.</summary>
    public static void MapTemplates(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/checklist-templates").WithTags("Reviews");
        templates.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        templates.MapPost("", CreateAsync).Needs(Right.Edit);
        templates.MapTemplateImport();
        templates.MapGet("/{slug}", GetAsync).Needs(Right.Read).NarrowsToPartner();
    }

    private static async Task<ApiList<TemplateRow>> ListAsync(TemplateStore templates, CancellationToken cancel) =>
        new(await templates.ListAsync(cancel), null);

    private static async Task<TemplateReply> GetAsync(string slug, int? version, TemplateStore templates, CancellationToken cancel) =>
        TemplateReply.Of(await templates.GetAsync(slug, version, cancel));

    private static async Task<IResult> CreateAsync(ChecklistDraft draft, ClaimsPrincipal user, TemplateStore templates, CancellationToken cancel)
    {
        var template = await templates.CreateAsync(draft, user.ToActor(), cancel);
        return Results.Created($"/api/v1/checklist-templates/{template.Slug}", TemplateReply.Of(await templates.GetAsync(template.Slug, null, cancel)));
    }

    /// <summary>A published version of a template.</summary>
    public sealed record TemplateReply(string Slug, int Version, string Title, string Purpose, DateTimeOffset PublishedAt, IReadOnlyList<TemplateSectionReply> Sections)
    {
        /// <summary>Shows a version.</summary>
        public static TemplateReply Of(FrozenTemplate frozen) => new(
            frozen.Slug, frozen.Number, frozen.Content.Title, frozen.Content.Purpose, frozen.PublishedAt,
            [.. frozen.Content.Sections.Select(s => new TemplateSectionReply(s.Key, s.Title, s.About, [.. s.Items.Select(TemplateItemReply.Of)]))]);
    }

    /// <summary>A section of a template.</summary>
    public sealed record TemplateSectionReply(string Key, string Title, string About, IReadOnlyList<TemplateItemReply> Items);

    /// <summary>An item of a template.</summary>
    public sealed record TemplateItemReply(string Key, string Question, string Kind, string? Unit, Answerer Who, Severity Severity, string Why, string Good)
    {
        /// <summary>Shows an item.</summary>
        public static TemplateItemReply Of(ChecklistItem item) => new(
            item.Key, item.Question, item.Kind.Word(), item.Unit.Length > 0 ? item.Unit : null, item.Who, item.Severity, item.Why, item.Good);
    }
}
