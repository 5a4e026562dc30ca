using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Web.Escalation;

/// <summary>A schedule in the list.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Now">Who is on call.</param>
/// <param name="Until">When that changes; null when it does not.</param>
/// <param name="Next">Who is on call then.</param>
/// <param name="Gaps">How often nobody is within 90 days.</param>
public sealed record ScheduleRow(Schedule Schedule, IReadOnlyList<string> Now, DateTimeOffset? Until, IReadOnlyList<string> Next, int Gaps)
{
    /// <summary>The row of a schedule at a moment.</summary>
    public static ScheduleRow Of(Schedule schedule, DateTimeOffset at)
    {
        var times = new OnCallTimes(schedule);
        var (people, until) = times.Now(at);
        return new(schedule, people, until, until is { } change ? times.At(change) : [], times.Gaps(at).Count);
    }
}
