using System.Globalization;
using PartnerPortal.Domain;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>A stretch of time as people and programs write it: an instant, milliseconds since 1970, or <c>now-6h</c>.</summary>
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The longest stretch that is drawn.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>How long it is.</summary>
    public TimeSpan Length => To - From;

    /// <summary>Reads both ends; the last hour when nothing is given.</summary>
    /// <exception cref="FieldsRefused">An end cannot be read, or the stretch is empty or too long.</exception>
    public static TimeRange Read(string? from, string? to, DateTimeOffset now)
    {
        var check = new FieldCheck();
        var end = ReadEnd(check, "to", to, now, now);
        var start = ReadEnd(check, "from", from, now, end - TimeSpan.FromHours(1));
        if (check.Good && start >= end)
        {
            check.Refuse("from", "The beginning must lie before the end.");
        }
        else if (check.Good && end - start > Longest)
        {
            check.Refuse("from", "At most a year is drawn at once.");
        }

        check.ThrowIfRefused();
        return new TimeRange(start, end);
    }

    private static DateTimeOffset ReadEnd(FieldCheck check, string field, string? text, DateTimeOffset now, DateTimeOffset otherwise)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        if (text == "now")
        {
            return now;
        }

        if (text.StartsWith("now-", StringComparison.Ordinal) && PromDuration.TryRead(text[4..], out var ago) && ago < TimeSpan.FromDays(3660))
        {
            return now - ago;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 253_402_300_800_000)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return instant.ToUniversalTime();
        }

        check.Refuse(field, "Write an instant such as 2026-11-23T18:00:00Z, milliseconds since 1970, or now-6h.");
        return otherwise;
    }
}
