using System.Globalization;
using PartnerPortal.Domain;

namespace PartnerPortal.Web.Metrics;

/// <summary>The stretch of time that a page of charts shows, as its address says it: <c>?from=now-6h&amp;to=now</c>.</summary>
public sealed record ChartRange(string From, string To, TimeRange Range)
{
    /// <summary>The stretches that one click shows.</summary>
    public static readonly IReadOnlyList<(string Word, string From)> Usual =
    [
        ("15 min", "now-15m"), ("1 h", "now-1h"), ("3 h", "now-3h"), ("6 h", "now-6h"), ("12 h", "now-12h"), ("24 h", "now-1d"),
        ("2 d", "now-2d"), ("7 d", "now-7d"), ("14 d", "now-14d"), ("30 d", "now-30d"),
    ];

    /// <summary>The range that ends now follows the clock; a fixed one stands still.</summary>
    public bool IsLive => To == "now";

    /// <summary>Reads an address; what cannot be read becomes the last hour.</summary>
    public static ChartRange Read(string? from, string? to, DateTimeOffset now)
    {
        try
        {
            return new(from ?? "now-1h", to ?? "now", TimeRange.Read(from ?? "now-1h", to ?? "now", now));
        }
        catch (FieldsRefused)
        {
            return new("now-1h", "now", TimeRange.Read(null, null, now));
        }
    }

    /// <summary>What the range is called: "15 min", or both ends.</summary>
    public string Spoken => Usual.FirstOrDefault(u => u.From == From && IsLive) is { Word: not null } usual
        ? "Last " + usual.Word
        : $"{Written(Range.From, TimeZoneInfo.Utc)} – {Written(Range.To, TimeZoneInfo.Utc)} UTC";

    /// <summary>The same with both ends in a zone of the time zone database; in UTC without one.</summary>
    public string SpokenIn(string zone) => IsLive || zone.Length == 0 || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
        ? Spoken
        : $"{Written(Range.From, found)} – {Written(Range.To, found)} {zone.Replace('_', ' ')}";

    /// <summary>The zone that an address asks for; empty, the reader's own, for what is no zone.</summary>
    public static string ReadZone(string? zone) => zone is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId ? zone : "";

    private static string Written(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM HH:mm:ss", CultureInfo.InvariantCulture);
}
