using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Net.Http.Headers;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Runbooks;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Runbooks;

/// <summary>Runbooks as request and answer bodies: Markdown, JSON or safe HTML.</summary>
internal static class RunbookBody
{
    private const int MostBytes = 3_000_000;

    /// <summary>What a PUT sends: Markdown, or the JSON draft.</summary>
    public static async Task<RunbookDraft> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.HasJsonContentType())
        {
            return await request.ReadFromJsonAsync<RunbookDraft>(cancel) ?? new RunbookDraft();
        }

        if (request.ContentType is { Length: > 0 } type && !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException($"A runbook is text/markdown; this is {type}.", StatusCodes.Status415UnsupportedMediaType);
        }

        var bytes = await ReadBytesAsync(request.Body, MostBytes, cancel)
            ?? throw new FieldsRefused("text", $"The text is larger than {MostBytes / 1_000_000} MB. Split it into several runbooks.");
        try
        {
            return new(Text: new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), Note: request.Query["note"]);
        }
        catch (DecoderFallbackException)
        {
            throw new FieldsRefused("text", "The text is not UTF-8. Save it as UTF-8 and send it again.");
        }
    }

    /// <summary>All bytes of a stream; null when there are more than allowed.</summary>
    public static async Task<byte[]?> ReadBytesAsync(Stream stream, int most, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(piece, cancel)) > 0;)
        {
            if (buffer.Length + read > most)
            {
                return null;
            }

            buffer.Write(piece, 0, read);
        }

        return buffer.ToArray();
    }

    /// <summary>The version that If-Match names; null when there is none.</summary>
    public static int? ReadNumber(HttpRequest request) => request.ReadVersion() is { } version ? (int)Math.Min(version, int.MaxValue) : null;

    /// <summary>Answers in the kind that was asked for: safe HTML, JSON, or Markdown for everything else.</summary>
    public static IResult Show(Runbook runbook, HttpContext http, string partner, Func<string, string?> sibling)
    {
        http.Response.WriteVersion((uint)runbook.Number);
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        switch (Asked(http.Request))
        {
            case "json":
                return Results.Ok(RunbookAnswer.Of(runbook));
            case "html":
                http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups";
                return Results.Text(Document(runbook, partner, sibling), "text/html", Encoding.UTF8);
            default:
                return Results.Text(runbook.Text, "text/markdown", Encoding.UTF8);
        }
    }

    private static string Asked(HttpRequest request) => request.GetTypedHeaders().Accept
        .OrderByDescending(a => a.Quality ?? 1)
        .Select(a => a.MediaType.Value switch { "text/html" or "application/xhtml+xml" => "html", "application/json" => "json", "text/markdown" or "text/plain" or "text/*" or "*/*" => "markdown", _ => null })
        .FirstOrDefault(kind => kind is not null) ?? "markdown";

    private static string Document(Runbook runbook, string partner, Func<string, string?> sibling)
    {
        var title = WebUtility.HtmlEncode(runbook.Title);
        var html = RunbookHtml.Render(runbook.Text, null, sibling, runbook.Title).Html;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · {WebUtility.HtmlEncode(partner)}</title></head>
            <body><h1>{title}</h1>
            {html}
            </body></html>
            """);
    }
}
