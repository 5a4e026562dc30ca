using System.Security.Claims;
using System.Text.Json;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>Reviews over HTTP: start, read, answer, conclude, export.</summary>
public static class ReviewEndpoints
{
    /// <summary>Maps everything about reviews.</summary>
    public static void MapReviews(this IEndpointRouteBuilder api)
    {
        api.MapTemplates();
        api.MapReviewInvitations();
        var reviews = api.MapGroup("").WithTags("Reviews");
        reviews.MapEvidence();
        reviews.MapReviewImports();
        reviews.MapGet("/partners/{slug}/reviews", ListAsync).Needs(Right.Read);
        reviews.MapPost("/partners/{slug}/reviews", StartAsync).Needs(Right.AnswerReviews);
        reviews.MapGet("/reviews/{id:guid}", GetAsync).Needs(Right.Read).NarrowsToPartner();
        reviews.MapGet("/reviews/{id:guid}/answers/{key}/history", HistoryAsync).Needs(Right.Read).NarrowsToPartner();
        reviews.MapPost("/reviews/{id:guid}/answers/{key}/undo", UndoAsync).Needs(Right.AnswerOwnItems);
        reviews.MapPost("/reviews/{id:guid}/move-to-newest", MoveToNewestAsync).Needs(Right.AnswerReviews).NarrowsToPartner();
        reviews.MapWaivers();
        reviews.MapPut("/reviews/{id:guid}/answers/{key}", AnswerAsync).Needs(Right.AnswerOwnItems);
        reviews.MapPost("/reviews/{id:guid}/conclude", ConcludeAsync).Needs(Right.ConcludeReviews).NarrowsToPartner();
        reviews.MapGet("/reviews/{id:guid}/export", ExportAsync).Needs(Right.Read).NarrowsToPartner();
    }

    private static async Task<ApiList<ReviewLineReply>> ListAsync(string slug, string? integration, ReviewStore reviews, CancellationToken cancel) =>
        new([.. (await reviews.ListAsync(slug, integration, cancel)).Select(ReviewLineReply.Of)], null);

    private static async Task<IResult> StartAsync(string slug, StartRequest request, ClaimsPrincipal user, ReviewStore reviews, CancellationToken cancel)
    {
        var by = user.ToActor();
        var review = await reviews.StartAsync(slug, request.Integration ?? Integration.MainSlug, request.Template, by, cancel);
        return Results.Created($"/api/v1/reviews/{review.Id}", ReviewReply.Of(await reviews.GetAsync(review.Id, by, cancel)));
    }

    private static async Task<ReviewReply> GetAsync(Guid id, ClaimsPrincipal user, ReviewStore reviews, CancellationToken cancel) =>
        ReviewReply.Of(await reviews.GetAsync(id, user.ToActor(), cancel));

    private static async Task<ItemReply> AnswerAsync(
        Guid id, string key, AnswerRequest request, HttpContext http, ReviewStore reviews, CancellationToken cancel)
    {
        var version = http.Request.NeedVersion();
        var by = http.User.ToActor();
        try
        {
            var answer = await reviews.AnswerAsync(id, key, request.Draft(), (int)Math.Min(version, int.MaxValue), by, cancel);
            http.Response.WriteVersion((uint)answer.Version);
            return await ShowAsync(id, key, by, reviews, cancel);
        }
        catch (ChangedMeanwhile)
        {
            throw new ChangedMeanwhile(await ShowAsync(id, key, by, reviews, cancel));
        }
    }

    private static async Task<ItemReply> UndoAsync(Guid id, string key, int? to, HttpContext http, ReviewStore reviews, CancellationToken cancel)
    {
        var version = http.Request.NeedVersion();
        var by = http.User.ToActor();
        var (answer, _) = await reviews.UndoAsync(id, key, to, (int)Math.Min(version, int.MaxValue), by, cancel);
        http.Response.WriteVersion((uint)answer.Version);
        return await ShowAsync(id, key, by, reviews, cancel);
    }

    private static async Task<ApiList<AnswerVersionReply>> HistoryAsync(Guid id, string key, ClaimsPrincipal user, ReviewStore reviews, CancellationToken cancel) =>
        new([.. (await reviews.HistoryAsync(id, key, user.ToActor(), cancel)).Select(AnswerVersionReply.Of)], null);

    private static async Task<ReviewReply> MoveToNewestAsync(Guid id, ClaimsPrincipal user, ReviewStore reviews, CancellationToken cancel)
    {
        var by = user.ToActor();
        await reviews.MoveToNewestAsync(id, by, cancel);
        return ReviewReply.Of(await reviews.GetAsync(id, by, cancel));
    }

    private static async Task<ReviewReply> ConcludeAsync(Guid id, DecisionDraft draft, ClaimsPrincipal user, ReviewStore reviews, DecisionStore decisions, CancellationToken cancel)
    {
        var by = user.ToActor();
        await decisions.ConcludeAsync(id, draft with { Signer = draft.Signer ?? by.Name }, by, cancel);
        return ReviewReply.Of(await reviews.GetAsync(id, by, cancel));
    }

    private static async Task<IResult> ExportAsync(Guid id, string? format, string? who, ClaimsPrincipal user, ReviewStore reviews, CancellationToken cancel)
    {
        var sheet = await reviews.GetAsync(id, user.ToActor(), cancel);
        var name = $"{sheet.PartnerSlug}-{sheet.Template.Slug}";
        return format switch
        {
            null or "json" => Results.File(ReviewExport.Json(sheet), "application/json", name + ".json"),
            "csv" => Results.File(ReviewExport.Csv(sheet), "text/csv; charset=utf-8", name + ".csv"),
            "markdown" => Results.File(ReviewExport.Markdown(sheet), "text/markdown; charset=utf-8", name + ".md"),
            "xlsx" => Results.File(AnswerSheet.Write(sheet, who == "partner"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name + (who == "partner" ? "-partner" : "") + ".xlsx"),
            _ => throw new FieldsRefused("format", $"“{format}” is not known here. Choose one of: json, csv, markdown, xlsx."),
        };
    }

    private static async Task<ItemReply> ShowAsync(Guid id, string key, Actor by, ReviewStore reviews, CancellationToken cancel)
    {
        var sheet = await reviews.GetAsync(id, by, cancel);
        var section = sheet.Checklist.Sections.First(s => s.Items.Any(i => i.Key == key));
        var reply = ItemReply.Of(section.Title, section.Items.First(i => i.Key == key), sheet.Standings[key], sheet.AnswerTo(key), sheet.Waivers.GetValueOrDefault(key), sheet.At);
        // How we judge, and who of ours wrote what, is not the partner's to read.
        return by.May(Right.Read) ? reply : reply with { Severity = null, Waiver = null, AnsweredBy = reply.AnsweredBy == by.Name ? by.Name : null };
    }

    /// <summary>What a review is started with.</summary>
    public sealed record StartRequest(string? Template = null, string? Integration = null);

    /// <summary>An answer as programs send it; a value may be text, a number, a truth, or for several choices a list of texts.</summary>
    public sealed record AnswerRequest(string? State = null, JsonElement? Value = null, string? Comment = null, IReadOnlyList<string>? Evidence = null)
    {
        internal AnswerDraft Draft() => new(State, Value?.ValueKind switch
        {
            null or JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.String => Value.Value.GetString(),
            JsonValueKind.Number => Value.Value.GetRawText(),
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Array => string.Join('\n', Value.Value.EnumerateArray().Select(o => o.ValueKind == JsonValueKind.String ? o.GetString() : o.GetRawText())),
            _ => throw new FieldsRefused("value", "A value is a text, a number or a list of options, not an object."),
        }, Comment, Evidence);
    }
}
