using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>A row of the log as it is forwarded: its samples under their labels, and markers of series that ended with it.</summary>
internal sealed record ForwardRow(Guid SourceId, long Time, List<(LabelSet Labels, double Value)> Samples);

/// <summary>
/// Puts labels to the numbers of rows, and the end markers that remote write needs where a series is missing from a scrape. It
/// remembers the last row of each source; after a failure it forgets, and reads again how far the engine is.
/// </summary>
internal sealed class ForwardRows(ForwardStore store, SeriesStore series)
{
    private readonly Dictionary<Guid, Course> _courses = [];

    private sealed class Course
    {
        public SourceLabels? Source { get; set; }

        public Dictionary<int, LabelSet> Labels { get; set; } = [];

        public ScrapeRow? Last { get; set; }
    }

    /// <summary>Forgets everything.</summary>
    public void Forget() => _courses.Clear();

    /// <summary>The series of the last row of a source that was forwarded here.</summary>
    public int[] LivingOf(Guid source) => _courses.GetValueOrDefault(source)?.Last?.Series ?? [];

    /// <summary>The next row of a source, in order.</summary>
    /// <param name="place">The source.</param>
    /// <param name="row">Its row.</param>
    /// <param name="source">What the source adds to labels; null for a writer.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<ForwardRow> NextAsync(ForwardPlace place, ScrapeRow row, SourceLabels? source, CancellationToken cancel)
    {
        if (!_courses.TryGetValue(place.SourceId, out var course))
        {
            course = _courses[place.SourceId] = new Course { Source = source, Last = place.Pushed ? null : await store.LastAsync(place.SourceId, place.After, cancel) };
        }

        var samples = new List<(LabelSet, double)>(row.Series.Length);
        if (course.Source != source)
        {
            // Renamed: its series end under their old labels and begin under new ones.
            await LearnAsync(course, place, course.Last, cancel);
            samples.AddRange((course.Last?.Series ?? []).Where(course.Labels.ContainsKey).Select(id => (course.Labels[id], Samples.Stale)));
            (course.Source, course.Labels, course.Last) = (source, [], null);
        }

        await LearnAsync(course, place, row, cancel);
        await LearnAsync(course, place, course.Last, cancel);
        for (var i = 0; i < row.Series.Length; i++)
        {
            if (course.Labels.TryGetValue(row.Series[i], out var labels))
            {
                samples.Add((labels, place.Pushed ? PushedRows.Give(row.Values[i]) : row.Values[i]));
            }
        }

        if (!place.Pushed && course.Last is { } last && !ReferenceEquals(last.Series, row.Series) && !last.Series.AsSpan().SequenceEqual(row.Series))
        {
            samples.AddRange(last.Series.Except(row.Series).Where(course.Labels.ContainsKey).Select(id => (course.Labels[id], Samples.Stale)));
        }

        course.Last = row;
        return new(place.SourceId, row.Time, samples);
    }

    private async Task LearnAsync(Course course, ForwardPlace place, ScrapeRow? row, CancellationToken cancel)
    {
        if (row is null || row.Series.All(course.Labels.ContainsKey))
        {
            return;
        }

        var known = await series.OfAsync(place.SourceId, cancel);
        course.Labels = known.ToDictionary(s => s.Id, s => SeriesIndex.LabelsOf(s, course.Source));
    }
}
