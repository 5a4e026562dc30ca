using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Domain.Escalation;

/// <summary>A stretch of time in which the same people are on call.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; no longer part of it.</param>
/// <param name="People">Mail addresses, whom to call first on top; empty: a gap.</param>
public sealed record OnCallSpan(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> People);

/// <summary>Computes who is on call by a schedule: layers, then holidays, then overrides; an override of the kind "only" wins over all of them.</summary>
public sealed class OnCallTimes
{
    /// <summary>How far ahead gaps are looked for.</summary>
    public static readonly TimeSpan LookAhead = TimeSpan.FromDays(90);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);
    private readonly Schedule _schedule;
    private readonly IReadOnlyList<(ScheduleLayer Layer, Rotation Rotation, WorkingHours? Hours)> _layers;

    /// <summary>The times of a schedule.</summary>
    public OnCallTimes(Schedule schedule)
    {
        _schedule = schedule;
        _layers = [.. schedule.Layers.Select(l => (l, l.In(schedule.TimeZone), l.Hours is { } hours ? WorkingHours.Parse(hours) : null))];
    }

    /// <summary>Who is on call at a moment, whom to call first on top.</summary>
    public IReadOnlyList<string> At(DateTimeOffset at)
    {
        if (_schedule.Overrides.LastOrDefault(o => o.Kind == OverrideKind.Only && o.Holds(at)) is { } only)
        {
            return only.People;
        }

        var day = DateOnly.FromDateTime(Zone.There(_schedule.TimeZone, at).DateTime);
        var people = _schedule.Holidays.FirstOrDefault(h => h.Day == day) is { } holiday ? [.. holiday.People] : OfLayers(at);
        foreach (var change in _schedule.Overrides.Where(o => o.Holds(at)))
        {
            people = change.Kind switch
            {
                OverrideKind.Add => [.. people, change.In!],
                OverrideKind.Remove => [.. people.Where(p => p != change.Out)],
                OverrideKind.Replace => [.. people.Select(p => p == change.Out ? change.In! : p)],
                _ => people,
            };
        }

        return [.. people.Distinct()];
    }

    /// <summary>Who is on call at a moment, since when (at most a day before) and until when; the end is null when nothing changes for 400 days.</summary>
    public (IReadOnlyList<string> People, DateTimeOffset? Until) Now(DateTimeOffset at)
    {
        var people = At(at);
        var (from, step) = (at, TimeSpan.FromDays(2));
        while (from - at < Longest)
        {
            foreach (var edge in Boundaries(from, from + step).Append(from + step))
            {
                if (!At(edge).SequenceEqual(people))
                {
                    return (people, edge);
                }
            }

            (from, step) = (from + step, step * 4);
        }

        return (people, null);
    }

    /// <summary>Who is on call between two moments, gaps included, without a hole.</summary>
    public IReadOnlyList<OnCallSpan> Between(DateTimeOffset from, DateTimeOffset to)
    {
        List<OnCallSpan> spans = [];
        List<DateTimeOffset> edges = [from, .. Boundaries(from, to), to];
        foreach (var (start, end) in edges.Zip(edges.Skip(1)))
        {
            var people = At(start);
            if (spans is [.., var last] && last.People.SequenceEqual(people))
            {
                spans[^1] = last with { To = end };
            }
            else
            {
                spans.Add(new(start, end, people));
            }
        }

        return spans;
    }

    /// <summary>When nobody is on call, in the next 90 days.</summary>
    public IReadOnlyList<OnCallSpan> Gaps(DateTimeOffset at) => [.. Between(at, at + LookAhead).Where(s => s.People.Count == 0)];

    private List<string> OfLayers(DateTimeOffset at) => [.. _layers
        .Where(l => l.Hours is null || l.Hours.At(at, _schedule.TimeZone).AtWork)
        .Select(l => l.Layer.Of(l.Rotation.NumberAt(at))).OfType<string>()];

    // Every moment in a stretch at which anything may change, in order.
    private SortedSet<DateTimeOffset> Boundaries(DateTimeOffset from, DateTimeOffset to)
    {
        SortedSet<DateTimeOffset> edges = [];
        void Add(DateTimeOffset at)
        {
            if (at > from && at < to)
            {
                edges.Add(at.ToUniversalTime());
            }
        }

        foreach (var (_, rotation, hours) in _layers)
        {
            var number = Math.Max(rotation.NumberAt(from), -1);
            for (var start = rotation.Start(++number); start < to; start = rotation.Start(++number))
            {
                Add(start);
            }

            for (var at = from; hours is not null && at < to && hours.At(at, _schedule.TimeZone) is var moment && (moment.Until ?? moment.Next) is { } next && next > at; at = next)
            {
                Add(next);
            }
        }

        foreach (var holiday in _schedule.Holidays)
        {
            Add(Zone.When(_schedule.TimeZone, holiday.Day.ToDateTime(TimeOnly.MinValue)));
            Add(Zone.When(_schedule.TimeZone, holiday.Day.AddDays(1).ToDateTime(TimeOnly.MinValue)));
        }

        foreach (var change in _schedule.Overrides)
        {
            Add(change.From);
            Add(change.To);
        }

        return edges;
    }
}
