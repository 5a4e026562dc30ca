using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Runbooks;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Runbooks;

/// <summary>POST /runbooks/import: a zip archive, a form with files, or one Markdown file.</summary>
internal static class RunbookUpload
{
    private const int MostBytes = (int)RunbookArchive.MostBytes;

    public static async Task<IResult> ImportAsync(
        HttpContext http, RunbookImportStore store, CancellationToken cancel, string? partner = null, string? name = null, bool preview = false)
    {
        var (files, named) = await ReadAsync(http.Request, name, cancel);
        partner = string.IsNullOrWhiteSpace(partner) ? named : partner;
        if (string.IsNullOrWhiteSpace(partner))
        {
            throw new FieldsRefused("partner", "Say whose runbooks these are: ?partner=tunes.");
        }

        var rows = preview
            ? await store.PreviewAsync(partner, files, cancel)
            : await store.ImportAsync(partner, files, http.User.ToActor(), cancel);
        return Results.Ok(ImportAnswer.Of(rows, preview));
    }

    private static async Task<(IReadOnlyList<RunbookFile> Files, string? Partner)> ReadAsync(HttpRequest request, string? name, CancellationToken cancel)
    {
        if (!request.HasFormContentType)
        {
            var bytes = await RunbookBody.ReadBytesAsync(request.Body, MostBytes, cancel) ?? throw TooMuch();
            return (Read(string.IsNullOrWhiteSpace(name) ? "runbook.md" : name, bytes), null);
        }

        var form = await request.ReadFormAsync(cancel);
        List<RunbookFile> files = [];
        foreach (var file in form.Files)
        {
            await using var stream = file.OpenReadStream();
            files.AddRange(Read(file.FileName, await RunbookBody.ReadBytesAsync(stream, MostBytes, cancel) ?? throw TooMuch()));
        }

        return (Some(files), form["partner"]);
    }

    /// <summary>The runbooks in one uploaded file: those of an archive, or itself.</summary>
    public static IReadOnlyList<RunbookFile> Read(string name, byte[] bytes) =>
        RunbookArchive.IsZip(bytes) ? Some(RunbookArchive.Read(name, bytes)) : [RunbookFile.Read(name, bytes)];

    private static IReadOnlyList<RunbookFile> Some(IReadOnlyList<RunbookFile> files) => files.Count switch
    {
        0 => throw new FieldsRefused("files", "There is no file in it. Choose Markdown files or a zip archive of them."),
        > RunbookArchive.MostFiles => throw new FieldsRefused("files", $"These are {files.Count} files; at most {RunbookArchive.MostFiles} are read at once."),
        _ => files,
    };

    private static FieldsRefused TooMuch() => new("files", $"This is larger than {RunbookArchive.MostBytes / 1_000_000} MB. Import it in parts.");
}
