using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Domain.Reviews.Importing;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>POST /checklist-templates/import: a checklist out of a file. With preview nothing is stored.</summary>
public static class TemplateImport
{
    /// <summary>Maps the import.</summary>
    public static void MapTemplateImport(this IEndpointRouteBuilder templates) => templates.MapPost("/import", ImportAsync).Needs(Right.Edit);

    private static async Task<IResult> ImportAsync(
        HttpContext http, TemplateStore templates, CancellationToken cancel,
        string? format = null, string? name = null, string? title = null, string? slug = null, bool preview = false)
    {
        var chosen = ChecklistFormatWords.Parse(format);
        var file = await UploadedFile.ReadAsync(http.Request, name, ChecklistFile.MostBytes, TooLarge, cancel);
        var read = ChecklistFile.Read(file.Bytes, chosen, file.Name);
        var draft = Named(read.Draft, title, slug);
        var warnings = read.Notes.Select(n => n.ToString()).ToList();
        if (preview)
        {
            return Results.Ok(new ImportReply(draft.Slug ?? Domain.Partners.Slug.From(draft.Title!, "checklist"), null, read.Items, warnings, read.Format.Word(), draft));
        }

        var template = await templates.CreateAsync(draft, http.User.ToActor(), cancel);
        return Results.Created($"/api/v1/checklist-templates/{template.Slug}", new ImportReply(template.Slug, template.Latest, read.Items, warnings, read.Format.Word(), null));
    }

    internal static FieldsRefused TooLarge() => new("file", $"The file is larger than {ChecklistFile.MostBytes / 1_000_000} MB. A checklist is far smaller; leave out pictures and attachments.");

    internal static ChecklistDraft Named(ChecklistDraft draft, string? title, string? slug) => draft with
    {
        Title = string.IsNullOrWhiteSpace(title) ? draft.Title : title.Trim(),
        Slug = string.IsNullOrWhiteSpace(slug) ? draft.Slug : slug.Trim(),
    };

    /// <summary>What an import made, or would make.</summary>
    /// <param name="Slug">The template's name in addresses.</param>
    /// <param name="Version">Its version; null in a preview.</param>
    /// <param name="Items">How many items were understood.</param>
    /// <param name="Warnings">What was left out or changed, each with its place.</param>
    /// <param name="Format">As what the file was read.</param>
    /// <param name="Draft">In a preview: the checklist that it would become.</param>
    public sealed record ImportReply(string Slug, int? Version, int Items, IReadOnlyList<string> Warnings, string Format, ChecklistDraft? Draft);
}
