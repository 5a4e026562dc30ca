using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Reviews;

/// <summary>What a file is, told by its first bytes and never by its name: "a PDF", "an HTML page", "a program".</summary>
/// <param name="Name">What a person calls it, with its article.</param>
/// <param name="MediaType">RFC 6838; what it is served as.</param>
/// <param name="Extension">The usual end of its name, with the dot.</param>
/// <param name="IsText">UTF-8 text that can be read.</param>
/// <param name="Harmful">Why it is never kept as evidence; null when it may be.</param>
public sealed partial record FileKind(string Name, string MediaType, string Extension, bool IsText = false, string? Harmful = null)
{
    private const string Runs = "it could run on the computer of whoever opens it";
    private const int Looked = 64 * 1024;

    private static readonly (byte[] Magic, FileKind Kind)[] Magics =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], new("a PNG picture", "image/png", ".png")),
        ([0xFF, 0xD8, 0xFF], new("a JPEG picture", "image/jpeg", ".jpg")),
        ("GIF87a"u8.ToArray(), new("a GIF picture", "image/gif", ".gif")),
        ("GIF89a"u8.ToArray(), new("a GIF picture", "image/gif", ".gif")),
        ("%PDF-"u8.ToArray(), new("a PDF", "application/pdf", ".pdf")),
        ("MZ"u8.ToArray(), new("a Windows program", "application/octet-stream", ".exe", Harmful: Runs)),
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], new("a Linux program", "application/octet-stream", ".bin", Harmful: Runs)),
        ([0xCA, 0xFE, 0xBA, 0xBE], new("a program", "application/octet-stream", ".bin", Harmful: Runs)),
        ([0xCF, 0xFA, 0xED, 0xFE], new("a macOS program", "application/octet-stream", ".bin", Harmful: Runs)),
        ([0xCE, 0xFA, 0xED, 0xFE], new("a macOS program", "application/octet-stream", ".bin", Harmful: Runs)),
        ("#!"u8.ToArray(), new("a script", "application/octet-stream", ".sh", Harmful: Runs)),
        ([0xD0, 0xCF, 0x11, 0xE0], new("an old Office file (xls, doc, ppt)", "application/octet-stream", ".bin", Harmful: "old Office files can hold macros. Save it in today's format (xlsx, docx, pptx) or as PDF")),
        ([0x1F, 0x8B], new("a gzip archive", "application/gzip", ".gz", Harmful: "its content cannot be checked. Pack it as zip or add the file itself")),
        ("{\\rtf"u8.ToArray(), new("an RTF text", "application/rtf", ".rtf", Harmful: "RTF can hold programs. Save it as PDF or docx")),
    ];

    private static readonly (string Member, FileKind Kind)[] Archives =
    [
        ("xl/workbook.xml", new("an Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")),
        ("word/document.xml", new("a Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")),
        ("ppt/presentation.xml", new("a PowerPoint file", "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx")),
        ("content.xml", new("an OpenDocument file", "application/vnd.oasis.opendocument.text", ".odt")),
    ];

    /// <summary>Nothing in it.</summary>
    public static FileKind Empty { get; } = new("an empty file", "application/octet-stream", ".bin", Harmful: "there is nothing in it");

    /// <summary>Bytes that are no kind that is known here.</summary>
    public static FileKind Binary { get; } = new("a file of a kind that is not known here", "application/octet-stream", ".bin", Harmful: "only pictures, PDF, text, Office files and zip archives are kept");

    /// <summary>Looks at a file.</summary>
    public static FileKind Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return Empty;
        }

        foreach (var (magic, kind) in Magics)
        {
            if (bytes.StartsWith(magic))
            {
                return kind;
            }
        }

        if (bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8))
        {
            return new("a WebP picture", "image/webp", ".webp");
        }

        return bytes.StartsWith("PK\x03\x04"u8) ? OfArchive(bytes.ToArray()) : OfText(bytes);
    }

    private static FileKind OfArchive(byte[] bytes)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            if (zip.Entries.Any(e => e.FullName.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)))
            {
                return new("an Office file with macros", "application/octet-stream", ".bin", Harmful: Runs);
            }

            return Archives.FirstOrDefault(a => zip.GetEntry(a.Member) is not null).Kind ?? new("a zip archive", "application/zip", ".zip");
        }
        catch (InvalidDataException)
        {
            return new("a damaged zip archive", "application/octet-stream", ".zip", Harmful: "it cannot be opened. Make it again");
        }
    }

    private static FileKind OfText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return new("a text in UTF-16", "text/plain", ".txt", Harmful: "it cannot be checked in this encoding. Save it as UTF-8");
        }

        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return bytes[..Math.Min(bytes.Length, Looked)].ContainsAnyInRange((byte)0, (byte)8)
                ? Binary
                : new("a text in another encoding than UTF-8", "text/plain", ".txt", Harmful: "it cannot be checked in this encoding. Save it as UTF-8");
        }

        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Looked)]).TrimStart('\uFEFF').TrimStart();
        return text.Length == 0 ? Empty : text.Contains('\0', StringComparison.Ordinal) ? Binary : OfWords(text);
    }

    private static FileKind OfWords(string text) => text switch
    {
        _ when Svg().IsMatch(text) => new("an SVG drawing", "text/plain", ".svg", true, "a browser runs the scripts in it. Save it as PNG or PDF"),
        _ when Html().IsMatch(text) => new("an HTML page", "text/plain", ".html", true, "a browser runs the scripts in it. Save the page as PDF"),
        _ when text.StartsWith("<?xml", StringComparison.Ordinal) => new("an XML file", "application/xml", ".xml", true),
        _ when IsMail(text) => new("a mail", "text/plain", ".eml", true),
        _ when OpenApiJson().IsMatch(text) => new("an API description (OpenAPI, Swagger or AsyncAPI)", "application/json", ".json", true),
        _ when OpenApiYaml().IsMatch(text) => new("an API description (OpenAPI, Swagger or AsyncAPI)", "application/yaml", ".yaml", true),
        _ when Json().IsMatch(text) => new("a JSON file", "application/json", ".json", true),
        _ => new("a text", "text/plain", ".txt", true),
    };

    // A mail begins with its header: a list that speaks of subjects and dates does not.
    private static bool IsMail(string text)
    {
        var head = text[..Math.Min(text.Length, 8000)];
        return (MailField().Match(head) is { Success: true, Index: 0 } || head.StartsWith("From ", StringComparison.Ordinal)) && MailField().Count(head) >= 3;
    }

    [GeneratedRegex(@"^(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<(?:\w+:)?svg\b", RegexOptions.IgnoreCase | RegexOptions.Singleline, 2000)]
    private static partial Regex Svg();

    [GeneratedRegex(@"^(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|iframe|meta)\b", RegexOptions.IgnoreCase | RegexOptions.Singleline, 2000)]
    private static partial Regex Html();

    [GeneratedRegex(@"^(?:From|Received|Return-Path|Delivered-To|MIME-Version|Message-ID|Subject|Date|To|Cc|Reply-To|Content-Type|DKIM-Signature|Authentication-Results|ARC-[\w-]+|X-[\w-]+):[ \t]", RegexOptions.IgnoreCase | RegexOptions.Multiline, 2000)]
    private static partial Regex MailField();

    [GeneratedRegex(@"^\{(?:[^\n]{0,4000}?|\s*)[\s,{]?""(?:openapi|swagger|asyncapi)""\s*:\s*""\d|^\s{1,4}""(?:openapi|swagger|asyncapi)""\s*:\s*""\d", RegexOptions.Multiline, 2000)]
    private static partial Regex OpenApiJson();

    [GeneratedRegex(@"\A(?:#[^\n]*\n|---[^\n]*\n|\s*\n)*(?:openapi|swagger|asyncapi):", RegexOptions.None, 2000)]
    private static partial Regex OpenApiYaml();

    [GeneratedRegex(@"\A(?:\{\s*(?:""|\}|//|/\*)|\[\s*(?:\{|""))", RegexOptions.None, 2000)]
    private static partial Regex Json();
}
