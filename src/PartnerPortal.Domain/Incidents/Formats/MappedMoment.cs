using System.Globalization;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>A moment as senders write it: ISO 8601 with an offset (UTC when it has none), or seconds, milli-, micro- or nanoseconds since 1970.</summary>
internal static class MappedMoment
{
    // Up to the year 2286 seconds have ten digits, and each finer unit three more.
    private const int SecondsDigits = 10;

    public static DateTimeOffset? Read(string text)
    {
        if (text.Length is 10 or 13 or 16 or 19 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            for (var digits = text.Length; digits > SecondsDigits + 3; digits -= 3)
            {
                count /= 1000;
            }

            return text.Length == SecondsDigits ? DateTimeOffset.FromUnixTimeSeconds(count) : DateTimeOffset.FromUnixTimeMilliseconds(count);
        }

        // CloudWatch writes +0000, without the colon.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            || DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", "yyyy-MM-ddTHH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at)
            ? at.Year > 1970 ? at.ToUniversalTime() : null
            : null;
    }
}
