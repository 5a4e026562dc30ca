using NodaTime;
using NodaTime.TimeZones;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Domain.Escalation;

/// <summary>How long a shift is.</summary>
public enum RotationKind
{
    /// <summary>Hours on the wall clock.</summary>
    Hourly,

    /// <summary>Days.</summary>
    Daily,

    /// <summary>Weeks.</summary>
    Weekly,

    /// <summary>Months; a day that a month has not is its last one.</summary>
    Monthly,
}

/// <summary>
/// When shifts of a rotation begin: on the wall clock of its zone, counted from the first handover, so that 09:00 stays 09:00 the year round and 24
/// hours are a day. Where the clock is put forward, a handover that does not exist is the moment of the jump; where it is put back, one that exists
/// twice is the first. Every shift is found by arithmetic, however far away it is.
/// </summary>
public sealed class Rotation
{
    private static readonly ZoneLocalMappingResolver AtTheJump = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);
    private readonly RotationKind _kind;
    private readonly int _every;
    private readonly LocalDateTime _first;
    private readonly DateTimeZone _zone;

    /// <summary>A rotation.</summary>
    /// <param name="kind">The unit of its shifts.</param>
    /// <param name="every">How many of them a shift is long; 1 to 9000.</param>
    /// <param name="handover">The first handover on the wall clock; the kind is ignored.</param>
    /// <param name="zone">A name that <see cref="Zone.Check"/> accepted.</param>
    public Rotation(RotationKind kind, int every, DateTime handover, string zone) =>
        (_kind, _every, _first, _zone) = (kind, every, LocalDateTime.FromDateTime(handover), Zone.Named(zone));

    /// <summary>When a shift begins.</summary>
    /// <param name="number">From 0; those before the first handover are negative.</param>
    public DateTimeOffset Start(long number) => _zone.ResolveLocal(Local(number), AtTheJump).ToInstant().ToDateTimeOffset();

    /// <summary>The shift that covers a moment; negative before the first handover.</summary>
    public long NumberAt(DateTimeOffset at)
    {
        var there = Instant.FromDateTimeOffset(at).InZone(_zone).LocalDateTime;
        var number = Estimate(there);
        // A jump of the clock, or the length of a month, moves the estimate by one or two.
        while (Start(number) > at)
        {
            number--;
        }

        while (Start(number + 1) <= at)
        {
            number++;
        }

        return number;
    }

    private long Estimate(LocalDateTime there)
    {
        var between = Period.Between(_first, there, _kind switch { RotationKind.Hourly => PeriodUnits.Hours, RotationKind.Monthly => PeriodUnits.Months, _ => PeriodUnits.Days });
        var units = _kind switch { RotationKind.Hourly => between.Hours, RotationKind.Monthly => between.Months, RotationKind.Weekly => between.Days / 7, _ => between.Days };
        return units / _every;
    }

    private LocalDateTime Local(long number) => _kind switch
    {
        RotationKind.Hourly => _first.PlusHours(number * _every),
        RotationKind.Daily => _first.PlusDays((int)(number * _every)),
        RotationKind.Weekly => _first.PlusDays((int)(number * _every * 7)),
        _ => _first.PlusMonths((int)(number * _every)),
    };
}
