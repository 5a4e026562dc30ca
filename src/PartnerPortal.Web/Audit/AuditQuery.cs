using System.Globalization;
using PartnerPortal.Data.Audit;
using PartnerPortal.Domain;

namespace PartnerPortal.Web.Audit;

/// <summary>What the audit log is narrowed to, as it stands in an address.</summary>
/// <param name="Partner">Slug of a partner.</param>
/// <param name="Kind">partner, contact, answer.</param>
/// <param name="By">Part of the name of who did it.</param>
/// <param name="Q">Words in the title or the values.</param>
/// <param name="From">An instant, or a day in UTC; not before.</param>
/// <param name="To">An instant (before it), or a day in UTC (until its end).</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="Cursor">Where the page before ended.</param>
public sealed record AuditQuery(
    string? Partner = null, string? Kind = null, string? By = null, string? Q = null, string? From = null, string? To = null, int? Limit = null, string? Cursor = null)
{
    /// <summary>The filter for the store.</summary>
    /// <exception cref="FieldsRefused">A time cannot be read.</exception>
    public AuditFilter Filter()
    {
        var check = new FieldCheck();
        var filter = new AuditFilter(Partner, Kind, By, Q, Moment(check, "from", From, 0), Moment(check, "to", To, 1));
        check.ThrowIfRefused();
        return filter;
    }

    private static DateTimeOffset? Moment(FieldCheck check, string field, string? text, int daysOn)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            return new DateTimeOffset(day.AddDays(daysOn).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        }

        if (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return at;
        }

        check.Refuse(field, $"“{(text.Length > 60 ? text[..60] + "…" : text)}” is neither a day like 2026-11-23 nor an instant like 2026-11-23T09:00:00Z.");
        return null;
    }
}
