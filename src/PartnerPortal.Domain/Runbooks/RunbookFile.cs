using System.Text;
using System.Text.RegularExpressions;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>One file of a folder or archive that is imported: either a runbook to be, or the reason why not.</summary>
/// <param name="Path">Its path in the folder or archive.</param>
/// <param name="Draft">What it becomes; null when it was refused.</param>
/// <param name="Refused">Why it cannot be read; null when it can.</param>
public sealed partial record RunbookFile(string Path, RunbookDraft? Draft, string? Refused)
{
    /// <summary>Largest file, in bytes.</summary>
    public const int LargestBytes = 1_000_000;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly string[] Kinds = [".md", ".markdown", ".mdown", ".mkd"];

    /// <summary>Reads one file.</summary>
    public static RunbookFile Read(string path, ReadOnlySpan<byte> bytes)
    {
        var kind = System.IO.Path.GetExtension(path).ToLowerInvariant();
        if (!Kinds.Contains(kind))
        {
            return Refuse(path, $"Only Markdown is read ({string.Join(", ", Kinds)}); this is {(kind.Length == 0 ? "a file without an ending" : $"a {kind} file")}.");
        }

        if (bytes.Length > LargestBytes)
        {
            return Refuse(path, $"It is larger than {LargestBytes / 1000} kB. Split it into several runbooks.");
        }

        if (TextOf(bytes) is not { } text || text.Contains('\0', StringComparison.Ordinal))
        {
            return Refuse(path, "It is not UTF-8 text. Save it as UTF-8 and import it again.");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return Refuse(path, "It is empty.");
        }

        if (text.Length > Runbook.LongestText)
        {
            return Refuse(path, $"It is {text.Length} characters long; at most {Runbook.LongestText} fit. Split it into several runbooks.");
        }

        var name = NameOf(path);
        var title = RunbookText.TitleOf(text) ?? Words(name);
        return new(path, new RunbookDraft(title.Length > 200 ? title[..200] : title, text, Slug.From(name, "runbook"), $"Imported from {FileName(path)}"), null);
    }

    /// <summary>A file that cannot become a runbook.</summary>
    public static RunbookFile Refuse(string path, string why) => new(path, null, why);

    /// <summary>The slug that a link to this file would have as a runbook.</summary>
    public static string SlugOf(string path) => Slug.From(NameOf(path), "runbook");

    /// <summary>Gives files that would get the same slug different ones: the folder's name in front, then a number.</summary>
    public static IReadOnlyList<RunbookFile> WithOwnSlugs(IReadOnlyList<RunbookFile> files)
    {
        HashSet<string> taken = [];
        List<RunbookFile> told = [];
        foreach (var file in files)
        {
            if (file.Draft is not { } draft)
            {
                told.Add(file);
                continue;
            }

            var slug = draft.Slug!;
            if (taken.Contains(slug) && Folder(file.Path) is { Length: > 0 } folder)
            {
                slug = Slug.From($"{folder}-{slug}", "runbook");
            }

            for (var n = 2; !taken.Add(slug); n++)
            {
                var tail = $"-{n}";
                slug = draft.Slug![..Math.Min(draft.Slug!.Length, Slug.Longest - tail.Length)].TrimEnd('-') + tail;
            }

            told.Add(file with { Draft = draft with { Slug = slug } });
        }

        return told;
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = bytes switch
            {
                [0xFF, 0xFE, ..] => new UnicodeEncoding(false, true, true).GetString(bytes[2..]),
                [0xFE, 0xFF, ..] => new UnicodeEncoding(true, true, true).GetString(bytes[2..]),
                _ => Strict.GetString(bytes),
            };
            return RunbookText.Clean(text);
        }
        catch (ArgumentException) // DecoderFallbackException
        {
            return null;
        }
    }

    // README.md and index.md are named after their folder.
    private static string NameOf(string path)
    {
        var name = FileName(path);
        for (var ending = System.IO.Path.GetExtension(name); ending.Length > 0 && (Kinds.Contains(ending.ToLowerInvariant()) || ending is ".html"); ending = System.IO.Path.GetExtension(name))
        {
            name = name[..^ending.Length];
        }

        return name.ToLowerInvariant() is "readme" or "index" or "_index" && Folder(path) is { Length: > 0 } folder ? folder : name;
    }

    private static string FileName(string path) => path.Replace('\\', '/').Split('/')[^1];

    private static string Folder(string path) => path.Replace('\\', '/').Split('/') is [.., var folder, _] && folder is not (".." or ".") ? folder : "";

    private static string Words(string name) => Breaks().Replace(name, " ").Trim() is { Length: > 0 } words ? char.ToUpperInvariant(words[0]) + words[1..] : "Runbook";

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Breaks();
}
