using NodaTime;
using NodaTime.TimeZones;

namespace PartnerPortal.Domain.Contacts;

/// <summary>Whether somebody is at work at a moment.</summary>
/// <param name="AtWork">At work now.</param>
/// <param name="Until">When the present stretch of work ends; null while away, or when it never ends.</param>
/// <param name="Next">When the next stretch begins; null while at work.</param>
public sealed record WorkMoment(bool AtWork, DateTimeOffset? Until, DateTimeOffset? Next);

/// <summary>When somebody works, week by week, on the wall clock of their own zone.</summary>
/// <remarks>
/// What is written, by example: <c>mon-fri 09:00-17:00</c>; <c>mon-thu 09:00-17:00, fri 09:00-15:00</c>; <c>mon, wed 08:00-12:00, 13:00-16:00</c>
/// (a part without times lends its days to the next one, a part without days takes those before it); <c>fri-sat 22:00-06:00</c> ends on the following
/// day; <c>24/7</c>. Days are English words of at least three letters, also daily, weekdays and weekends; without any, every day is meant. 24:00 is
/// the end of a day. <see cref="WorkingHoursText"/> reads it.
/// Where the clock changes, a time that does not exist is the moment at which the clock jumps, a time that exists twice is its first occurrence.
/// </remarks>
public sealed class WorkingHours
{
    private const int MinutesADay = 24 * 60;
    private static readonly ZoneLocalMappingResolver AtTheJump = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private readonly IReadOnlyList<WeeklyRange> _ranges;

    internal WorkingHours(IReadOnlyList<WeeklyRange> ranges, string text) => (_ranges, Text) = (ranges, text);

    /// <summary>Always at work; the zone does not matter.</summary>
    public static WorkingHours Always { get; } = new([], "24/7");

    /// <summary>The hours in their one spelling; reading it again gives the same hours.</summary>
    public string Text { get; }

    /// <summary>Reads hours that were accepted before.</summary>
    /// <exception cref="FormatException">They cannot be read; the message is a sentence for the user.</exception>
    public static WorkingHours Parse(string text) => WorkingHoursText.Read(text);

    /// <summary>The hours in their own spelling; null when absent or refused.</summary>
    public static string? Check(FieldCheck check, string field, string? value)
    {
        var text = check.Text(field, value, 200);
        if (text.Length == 0)
        {
            return null;
        }

        try
        {
            return Parse(text).Text;
        }
        catch (FormatException e)
        {
            check.Refuse(field, e.Message);
            return null;
        }
    }

    /// <summary>Whether they work at a moment, until when, or when next.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="zone">Their zone, a name that <see cref="Zone.Check"/> accepted.</param>
    public WorkMoment At(DateTimeOffset at, string zone)
    {
        if (ReferenceEquals(this, Always) || Text == Always.Text)
        {
            return new(true, null, null);
        }

        var named = Zone.Named(zone);
        var now = Instant.FromDateTimeOffset(at);
        var today = now.InZone(named).Date;
        // An overnight range may have begun yesterday; the next one begins within eight days.
        var from = today.PlusDays(-2);
        var stretches = Stretches(from, 12, named);
        foreach (var (start, end) in stretches)
        {
            if (now < start)
            {
                return new(false, null, start.ToDateTimeOffset());
            }

            if (now < end)
            {
                var endless = end >= AtTheJumpOf(today.PlusDays(9).AtMidnight(), named);
                return new(true, endless ? null : end.ToDateTimeOffset(), null);
            }
        }

        return new(false, null, null);
    }

    // Work that continues without a pause is one stretch, also over midnight.
    private List<(Instant Start, Instant End)> Stretches(LocalDate from, int days, DateTimeZone zone)
    {
        var pieces = Enumerable.Range(0, days)
            .Select(from.PlusDays)
            .SelectMany(date => _ranges.Where(r => r.Day == date.DayOfWeek).Select(r => (Start: On(date, r.Start, zone), End: On(date, r.End, zone))))
            .Where(piece => piece.Start < piece.End)
            .Order();
        List<(Instant Start, Instant End)> stretches = [];
        foreach (var piece in pieces)
        {
            if (stretches.Count > 0 && piece.Start <= stretches[^1].End)
            {
                stretches[^1] = (stretches[^1].Start, Instant.Max(stretches[^1].End, piece.End));
            }
            else
            {
                stretches.Add(piece);
            }
        }

        return stretches;
    }

    private static Instant On(LocalDate date, int minute, DateTimeZone zone) =>
        AtTheJumpOf(date.PlusDays(minute / MinutesADay).At(LocalTime.FromMinutesSinceMidnight(minute % MinutesADay)), zone);

    private static Instant AtTheJumpOf(LocalDateTime local, DateTimeZone zone) => zone.ResolveLocal(local, AtTheJump).ToInstant();
}

/// <summary>One stretch of work in a week: minutes since that day's midnight; the end lies beyond 1440 when it is on the next day.</summary>
internal readonly record struct WeeklyRange(IsoDayOfWeek Day, int Start, int End);
