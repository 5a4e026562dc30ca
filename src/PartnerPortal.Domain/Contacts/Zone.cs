using NodaTime;
using NodaTime.TimeZones;

namespace PartnerPortal.Domain.Contacts;

/// <summary>Time zones by their IANA name (tz database, as NodaTime carries it).</summary>
public static class Zone
{
    private static readonly Dictionary<string, string> ByAnyCase =
        DateTimeZoneProviders.Tzdb.Ids.ToDictionary(id => id, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every zone a person may choose: those of a region and city, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. DateTimeZoneProviders.Tzdb.Ids.Where(id => id == "UTC" || (id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];

    /// <summary>The zone's name in its own spelling; null when absent or refused.</summary>
    public static string? Check(FieldCheck check, string field, string? value)
    {
        var text = check.Text(field, value, 60);
        if (text.Length == 0)
        {
            return null;
        }

        if (ByAnyCase.TryGetValue(text, out var name))
        {
            return name;
        }

        check.Refuse(field, $"“{text}” is not a time zone. Write region and city, for example Europe/Berlin or America/New_York.");
        return null;
    }

    /// <summary>The wall clock of a zone at a moment, with the offset that holds there then.</summary>
    /// <param name="zone">A name that <see cref="Check"/> accepted.</param>
    /// <param name="at">The moment.</param>
    public static DateTimeOffset There(string zone, DateTimeOffset at) =>
        Instant.FromDateTimeOffset(at).InZone(Named(zone)).ToDateTimeOffset();

    /// <summary>The moment, in UTC, at which a zone's wall clock shows a time. A time that the clock skips is the moment of the jump; one that it shows twice is the first.</summary>
    /// <param name="zone">A name that <see cref="Check"/> accepted.</param>
    /// <param name="clock">What the wall clock shows; the kind is ignored.</param>
    public static DateTimeOffset When(string zone, DateTime clock) =>
        Named(zone).ResolveLocal(LocalDateTime.FromDateTime(clock), Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter)).ToInstant().ToDateTimeOffset();

    internal static DateTimeZone Named(string zone) => DateTimeZoneProviders.Tzdb[zone];
}
