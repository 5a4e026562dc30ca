using System.Text.Json;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Reviews.Importing;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>Reviews and answers that come in as files.</summary>
public static class ReviewImportEndpoints
{
    private const int LargestReview = 10_000_000;

    /// <summary>Maps both imports.</summary>
    public static void MapReviewImports(this IEndpointRouteBuilder reviews)
    {
        reviews.MapPost("/reviews/import", ReviewAsync).Needs(Right.AnswerReviews);
        reviews.MapPost("/reviews/{id:guid}/answers/import", AnswersAsync).Needs(Right.AnswerOwnItems);
    }

    private static async Task<IResult> ReviewAsync(
        HttpContext http, ReviewImportStore store, ReviewStore reviews, CancellationToken cancel, string? partner = null, string? integration = null)
    {
        var by = http.User.ToActor();
        var upload = await UploadedFile.ReadAsync(http.Request, null, LargestReview, () => new FieldsRefused("file", "The file is larger than 10 MB; no review is."), cancel);
        using var json = JsonDocument.Parse(upload.Bytes);
        var (file, named, integrated, warnings) = ReviewFileReader.Read(json.RootElement);
        partner ??= named;
        if (string.IsNullOrWhiteSpace(partner))
        {
            throw new FieldsRefused("partner", "Say whose review this is: ?partner=tunes.");
        }

        var review = await store.ImportAsync(partner, integration ?? integrated ?? Integration.MainSlug, file, by, cancel);
        return Results.Created($"/api/v1/reviews/{review.Id}", new ReviewImportReply(review.Id, warnings, ReviewReply.Of(await reviews.GetAsync(review.Id, by, cancel))));
    }

    private static async Task<AnswerImportReply> AnswersAsync(Guid id, HttpContext http, AnswerImport import, CancellationToken cancel, bool preview = false)
    {
        var upload = await UploadedFile.ReadAsync(http.Request, null, ChecklistFile.MostBytes, TemplateImport.TooLarge, cancel);
        var by = http.User.ToActor();
        return AnswerImportReply.Of(preview ? await import.PreviewAsync(id, upload.Bytes, by, cancel) : await import.ImportAsync(id, upload.Bytes, by, cancel), preview);
    }

    /// <summary>The review that was made.</summary>
    public sealed record ReviewImportReply(Guid Id, IReadOnlyList<string> Warnings, ReviewReply Review);

    /// <summary>What the rows of a workbook did, or would do.</summary>
    public sealed record AnswerImportReply(bool Preview, int Changes, int Conflicts, int Refused, IReadOnlyList<AnswerRow> Rows)
    {
        internal static AnswerImportReply Of(IReadOnlyList<AnswerRow> rows, bool preview) => new(
            preview, rows.Count(r => r.Fate is AnswerFate.Changes or AnswerFate.Changed), rows.Count(r => r.Fate == AnswerFate.Conflict), rows.Count(r => r.Fate == AnswerFate.Refused), rows);
    }
}
