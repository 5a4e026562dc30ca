using System.Security.Claims;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>Files that prove answers, over HTTP. They leave the portal as attachments only.</summary>
public static class EvidenceEndpoints
{
    /// <summary>Maps adding, listing and fetching.</summary>
    public static void MapEvidence(this IEndpointRouteBuilder reviews)
    {
        reviews.MapPost("/reviews/{id:guid}/answers/{key}/files", AddAsync).Needs(Right.AnswerOwnItems);
        reviews.MapGet("/reviews/{id:guid}/files", ListAsync).Needs(Right.Read).NarrowsToPartner();
        // Guests too: the store hands them what proves the items that they answer.
        reviews.MapGet("/reviews/{id:guid}/files/{file:guid}", GetAsync).Needs(Right.SignedIn).NarrowsToPartner();
    }

    private static async Task<IResult> AddAsync(Guid id, string key, HttpContext http, EvidenceFileStore files, CancellationToken cancel, string? name = null)
    {
        var upload = await UploadedFile.ReadAsync(http.Request, name, EvidenceFile.MostBytes, EvidenceFile.TooLarge, cancel);
        var file = await files.AddAsync(id, key, upload.Name, upload.Bytes, http.User.ToActor(), cancel);
        return Results.Created(file.Address, new EvidenceRow(file.Id, file.Key, file.Name, file.MediaType, file.Size, file.Sha256, file.By, file.At, file.Address));
    }

    private static async Task<ApiList<EvidenceRow>> ListAsync(Guid id, ClaimsPrincipal user, EvidenceFileStore files, CancellationToken cancel) =>
        new(await files.ListAsync(id, user.ToActor(), cancel), null);

    private static async Task<IResult> GetAsync(Guid id, Guid file, HttpContext http, EvidenceFileStore files, CancellationToken cancel)
    {
        var found = await files.GetAsync(id, file, http.User.ToActor(), cancel);
        // Never inline, never guessed, and even a browser that shows it runs nothing in it.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.File(found.Bytes, found.MediaType, found.Name);
    }
}
