using System.Globalization;
using System.Security.Cryptography;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Reviews;

/// <summary>A file that proves an answer. Checked by its content; handed out as an attachment only, never shown in the portal's own pages.</summary>
public sealed class EvidenceFile : IAudited
{
    /// <summary>Largest file, in bytes: 25 MB.</summary>
    public const int MostBytes = 25 * 1024 * 1024;

    private const int LongestName = 200;

    private EvidenceFile()
    {
    }

    /// <summary>Id, sortable by time of upload.</summary>
    public Guid Id { get; private init; }

    /// <summary>The review.</summary>
    public Guid ReviewId { get; private init; }

    /// <summary>The item that it proves.</summary>
    public string Key { get; private init; } = "";

    /// <summary>The file's name, without any folder; its end fits the content.</summary>
    public string Name { get; private init; } = "";

    /// <summary>Media type (RFC 6838), found from the content.</summary>
    public string MediaType { get; private init; } = "";

    /// <summary>In bytes.</summary>
    public int Size { get; private init; }

    /// <summary>SHA-256 of the content, in lower-case hexadecimal.</summary>
    public string Sha256 { get; private init; } = "";

    /// <summary>The file itself.</summary>
    [NotAudited]
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Who added it: a mail address.</summary>
    public string By { get; private init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>What an answer's evidence says: the address below this portal at which the file is fetched.</summary>
    public string Address => AddressOf(ReviewId, Id);

    private Guid? PartnerId { get; init; }

    AuditSubject IAudited.AuditedAs => new("evidence file", Id, $"{Name} ({Key})", PartnerId);

    /// <summary>Takes a file for an item.</summary>
    /// <exception cref="NotThere">There is no such item, or it is not for this person to see.</exception>
    /// <exception cref="RuleBroken">The review is concluded.</exception>
    /// <exception cref="FieldsRefused">It is too large, empty, or of a kind that is not kept.</exception>
    public static EvidenceFile Add(Review review, Checklist checklist, string key, string? name, byte[] bytes, Actor by, DateTimeOffset at)
    {
        var item = checklist.Find(key);
        if (item is null || !(by.May(Right.AnswerReviews) || (by.May(Right.AnswerOwnItems) && item.Who != Answerer.Us)))
        {
            throw new NotThere($"item called {key} in this review");
        }

        if (review.Decision is not null)
        {
            throw new RuleBroken("This review is concluded; its evidence can no longer be changed. Start a new one.");
        }

        if (bytes.Length > MostBytes)
        {
            throw TooLarge();
        }

        var kind = FileKind.Of(bytes);
        if (kind.Harmful is { } reason)
        {
            throw new FieldsRefused("file", $"This is {kind.Name} and is not taken: {reason}.");
        }

        return new EvidenceFile
        {
            Id = Guid.CreateVersion7(at),
            ReviewId = review.Id,
            PartnerId = review.PartnerId,
            Key = key,
            Name = SafeName(name, kind),
            MediaType = kind.MediaType,
            Size = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Bytes = bytes,
            By = by.Name,
            At = at,
        };
    }

    /// <summary>The refusal of a file that is too large.</summary>
    public static FieldsRefused TooLarge() =>
        new("file", $"The file is larger than {MostBytes / 1024 / 1024} MB. Put it where both sides can reach it and add its web address instead.");

    /// <summary>The address of a file of a review.</summary>
    public static string AddressOf(Guid review, Guid file) => string.Create(CultureInfo.InvariantCulture, $"/api/v1/reviews/{review}/files/{file}");

    /// <summary>Whether a line of evidence is the address of a file of this review.</summary>
    public static bool IsAddress(Guid review, string text) =>
        text.StartsWith($"/api/v1/reviews/{review}/files/", StringComparison.OrdinalIgnoreCase) && Guid.TryParse(text.Split('/')[^1], out _) && text.Count(c => c == '/') == 6;

    // The last part of any path, without what a file system or a header would stumble over, ending as its content does.
    private static string SafeName(string? given, FileKind kind)
    {
        var last = (given ?? "").Split('/', '\\')[^1];
        var name = new string([.. last.Where(c => !char.IsControl(c) && c is not ('"' or '<' or '>' or ':' or '|' or '?' or '*') && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)]).Trim('.', ' ');
        var end = Path.GetExtension(name).ToLowerInvariant();
        var fits = end == kind.Extension || (kind.IsText && end is ".txt" or ".csv" or ".md" or ".json" or ".yaml" or ".yml" or ".log" or ".xml" or ".eml")
            || (kind.Extension == ".jpg" && end == ".jpeg") || (kind.Extension == ".odt" && end is ".ods" or ".odp");
        name = name.Length == 0 ? "evidence" : name;
        name = name.Length > LongestName - 10 ? name[..(LongestName - 10)] : name;
        return fits ? name : name + kind.Extension;
    }
}
