using System.Globalization;

namespace PartnerPortal.Web.Shared;

/// <summary>Times and durations as people say them.</summary>
public static class Spoken
{
    /// <summary>"12 min", "3 h", "9 d".</summary>
    public static string Length(TimeSpan length) => length.Duration() switch
    {
        { TotalSeconds: < 60 } l => $"{(int)l.TotalSeconds} s",
        { TotalMinutes: < 60 } l => $"{(int)l.TotalMinutes} min",
        { TotalHours: < 48 } l => $"{(int)l.TotalHours} h",
        { TotalDays: < 60 } l => $"{(int)l.TotalDays} d",
        { TotalDays: < 730 } l => $"{(int)(l.TotalDays / 30.44)} months",
        var l => $"{(int)(l.TotalDays / 365.25)} years",
    };

    /// <summary>"just now", "12 min ago", "in 3 h".</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var since = now - at;
        return since.Duration() < TimeSpan.FromSeconds(5) ? "just now"
            : since > TimeSpan.Zero ? Length(since) + " ago"
            : "in " + Length(since);
    }

    /// <summary>"12 Jan 2027".</summary>
    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
