using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PartnerPortal.Domain.Audit;

/// <summary>
/// The hash that ties a row of the audit log to all rows before it: SHA-256 over the previous row's hash (32 zero bytes before
/// the first row) and the row's canonical bytes. Who changes, removes or moves a row has to recompute every later hash, and a
/// hash that was written down elsewhere shows it.
/// </summary>
/// <remarks>
/// Canonical bytes: the fields below in this order, each as the length of its UTF-8 bytes (four bytes, most significant first)
/// and those bytes; an absent field is the length FF FF FF FF alone. Fields: the word <c>audit-1</c>, position, id, at (UTC,
/// six decimals, <c>Z</c>), actor id, actor name, through, partner id, kind, subject id, title, action, before, after. Numbers
/// are decimal, ids lower case with hyphens; before and after are the text in which PostgreSQL prints the jsonb value.
/// </remarks>
public static class AuditSeal
{
    private const int Bytes = 32;
    private const uint Absent = 0xFFFFFFFF;

    /// <summary>What stands before the first row.</summary>
    public static byte[] Beginning => new byte[Bytes];

    /// <summary>The hash of a row that stands in a place after a hash. The row must have been read from the database: that is how its time and JSON are spelled.</summary>
    public static byte[] Of(ReadOnlySpan<byte> previous, AuditEntry row, long position)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        string?[] fields =
        [
            "audit-1",
            position.ToString(CultureInfo.InvariantCulture),
            row.Id.ToString(),
            row.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            row.ActorId?.ToString(),
            row.ActorName,
            row.Through,
            row.PartnerId?.ToString(),
            row.Kind,
            row.SubjectId.ToString(),
            row.Title,
            row.Action,
            row.Before,
            row.After,
        ];
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            var text = field is null ? [] : Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteUInt32BigEndian(length, field is null ? Absent : (uint)text.Length);
            hash.AppendData(length);
            hash.AppendData(text);
        }

        return hash.GetHashAndReset();
    }
}
