using PartnerPortal.Domain;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;
using PartnerPortal.TimeSeries.Sides;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Which counters of both sides count one operation; selectors such as <c>calls_total{operation="buy"}</c>.</summary>
/// <param name="Ours">Our counters.</param>
/// <param name="Theirs">Their counters.</param>
/// <param name="OurTests">Those of ours that count test traffic, if any.</param>
/// <param name="TheirTests">Those of theirs that count test traffic, if any.</param>
public sealed record SidesDraft(string? Ours, string? Theirs, string? OurTests = null, string? TheirTests = null);

/// <summary>Compares what we counted with what the partner counted.</summary>
public sealed class SidesReading(ISeriesReader reader)
{
    private const long MostSamples = 5_000_000;
    private const long Step = 15_000;
    private const long MostLag = 300_000;

    /// <summary>The gap between both sides over a stretch of time, or null when they have no time in common.</summary>
    /// <exception cref="FieldsRefused">A selector cannot be read, or reads too much.</exception>
    public async Task<SideGap?> CompareAsync(string partner, string integration, SidesDraft draft, long from, long to, CancellationToken cancel)
    {
        var ours = new SideCounts(await CoursesAsync("ours"), draft.OurTests is null ? [] : await CoursesAsync("ourTests"));
        var theirs = new SideCounts(await CoursesAsync("theirs"), draft.TheirTests is null ? [] : await CoursesAsync("theirTests"));
        return SideGap.Compare(ours, theirs, from, to, SideLag.Measure(ours.All, theirs.All, Step, MostLag));

        Task<IReadOnlyList<CounterCourse>> CoursesAsync(string field) => field switch
        {
            "ours" => ReadAsync(field, draft.Ours, "ours"),
            "ourTests" => ReadAsync(field, draft.OurTests, "ours"),
            "theirs" => ReadAsync(field, draft.Theirs, "partner"),
            _ => ReadAsync(field, draft.TheirTests, "partner"),
        };

        async Task<IReadOnlyList<CounterCourse>> ReadAsync(string field, string? text, string side)
        {
            try
            {
                if (Expression.Parse(text ?? "").Bare is not SelectorExpression { Shift: var shift } selector || shift != TimeShift.None)
                {
                    throw new FieldsRefused(field, "Only a counter with its labels can stand here, for example calls_total{operation=\"buy\"}.");
                }

                var scoped = RuleReading.Scoped(new Selector([.. selector.Selector.Matchers, new LabelMatcher("side", MatchKind.Equal, side)]), partner, integration);
                // A scrape before and behind the stretch, so that its edges are known.
                var answer = await reader.ReadAsync(new SeriesRead(scoped, from - MostLag, to + MostLag) { MostSamples = MostSamples }, cancel);
                return [.. answer.Series.Select(s => new CounterCourse(s.Samples)).Where(c => c.Count > 1)];
            }
            catch (ExpressionRefused refused)
            {
                throw new FieldsRefused(field, refused.Message);
            }
        }
    }
}
