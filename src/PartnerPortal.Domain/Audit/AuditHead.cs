using System.Globalization;

namespace PartnerPortal.Domain.Audit;

/// <summary>The newest chained row of the audit log: enough to prove later that no row up to it was touched.</summary>
/// <param name="Position">Its place; 0 before the first row.</param>
/// <param name="Hash">Its hash, in lower-case hexadecimal.</param>
public sealed record AuditHead(long Position, string Hash)
{
    /// <summary>The head of an empty log.</summary>
    public static AuditHead Empty { get; } = new(0, Convert.ToHexStringLower(AuditSeal.Beginning));

    /// <summary>The head as it is written down: <c>1234:9f86…</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Position}:{Hash}");

    /// <summary>Reads a head that was written down.</summary>
    public static bool TryParse(string? text, out AuditHead head)
    {
        head = Empty;
        var parts = (text ?? "").Trim().Split(':');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            || parts[1].Length != 64 || !parts[1].All(char.IsAsciiHexDigit))
        {
            return false;
        }

        head = new(position, parts[1].ToLowerInvariant());
        return true;
    }
}
