using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>A spell in which a rule would have fired for one set of labels.</summary>
/// <param name="Labels">The labels of the alert.</param>
/// <param name="From">When the alert would have gone out.</param>
/// <param name="To">When it would have been over; null while it lasts.</param>
/// <param name="Value">The value at the beginning.</param>
/// <param name="Summary">The sentence of the alert.</param>
public sealed record WouldFire(IReadOnlyDictionary<string, string> Labels, DateTimeOffset From, DateTimeOffset? To, double? Value, string Summary);

/// <summary>When a rule would have fired.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The last instant.</param>
/// <param name="Step">The distance of the instants: what is shorter can be missed.</param>
/// <param name="Count">How many spells there are; at most <see cref="RulePreview.MostSpells"/> of them, the newest, are in <paramref name="Spells"/>.</param>
/// <param name="Spells">The spells, newest first.</param>
/// <param name="DataFrom">The first sample that was read; null when there was none.</param>
/// <param name="MetNow">How many sets of labels meet the condition at the last instant.</param>
public sealed record RuleForecast(
    DateTimeOffset From, DateTimeOffset To, TimeSpan Step, int Count, IReadOnlyList<WouldFire> Spells, DateTimeOffset? DataFrom, int MetNow);

/// <summary>Says when a rule would have fired, from what is stored.</summary>
public sealed class RulePreview(RuleReading reading, TimeProvider clock)
{
    /// <summary>Most spells that are listed.</summary>
    public const int MostSpells = 200;

    private const int MostSteps = 8_640;
    private static readonly TimeSpan Finest = TimeSpan.FromSeconds(15);
    private static readonly QueryLimits Limits = new() { MostSamples = 30_000_000, MostSeries = 5_000, MostTime = TimeSpan.FromSeconds(20) };

    /// <summary>Computes a rule over the last days.</summary>
    /// <exception cref="FieldsRefused">A field of the draft cannot be accepted, or the expression takes too much.</exception>
    public async Task<RuleForecast> ReadAsync(string partner, string integration, RuleDraft draft, TimeSpan back, CancellationToken cancel)
    {
        var rule = Rule.Preview(draft);
        var to = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var from = to - (long)back.TotalMilliseconds;
        try
        {
            var expression = Expression.Parse(rule.Expression);
            var steps = StepsFor(from, to);
            var result = await reading.ComputeAsync(partner, integration, expression, steps, Limits, cancel);
            // Where the figures began later, the same number of instants looks closer.
            if (FirstOf(result) is { } first && StepsFor(Math.Max(first, from), to) is var closer && closer.Step < steps.Step)
            {
                steps = closer;
                result = await reading.ComputeAsync(partner, integration, expression, steps, Limits, cancel);
            }

            return Tell(rule, result, steps, At(from));
        }
        catch (ExpressionRefused refused)
        {
            throw new FieldsRefused("expression", refused.Message);
        }
    }

    private static Steps StepsFor(long from, long to)
    {
        var step = (long)Math.Max(Finest.TotalMilliseconds, Math.Ceiling((to - from) / (MostSteps * Finest.TotalMilliseconds)) * Finest.TotalMilliseconds);
        return new Steps(to - (to - from) / step * step, to, step);
    }

    private static long? FirstOf(RuleResult result) => result.Reads.SelectMany(r => r.Series).Where(s => s.Samples.Length > 0).Select(s => (long?)s.Samples[0].Time).Min();

    private static RuleForecast Tell(Rule rule, RuleResult result, Steps steps, DateTimeOffset from)
    {
        List<WouldFire> spells = [];
        foreach (var series in result.Answer.Series)
        {
            spells.AddRange(SpellsOf(rule, series, steps));
        }

        return new RuleForecast(
            from, At(steps.To), TimeSpan.FromMilliseconds(steps.Step), spells.Count, [.. spells.OrderByDescending(s => s.From).Take(MostSpells)],
            FirstOf(result) is { } sample ? At(sample) : null, result.Answer.Series.Count(s => !Samples.IsStale(s.Values[^1])));
    }

    private static IEnumerable<WouldFire> SpellsOf(Rule rule, ComputedSeries series, Steps steps)
    {
        var labels = rule.LabelsOf(series.Labels.Select(l => KeyValuePair.Create(l.Name, l.Value)));
        RuleStanding? standing = null;
        (DateTimeOffset From, double? Value)? open = null;
        for (var i = 0; i < series.Values.Length; i++)
        {
            var met = !Samples.IsStale(series.Values[i]);
            standing = RuleStanding.Next(standing, met ? RuleFinding.Met : RuleFinding.NotMet, met ? series.Values[i] : null, At(steps[i]), rule.For, rule.KeepFiringFor);
            if (standing.IsAlerting && open is null)
            {
                open = (At(steps[i]), standing.Value is { } value && double.IsFinite(value) ? value : null);
            }
            else if (!standing.IsAlerting && open is var (from, began))
            {
                yield return new WouldFire(labels, from, At(steps[i]), began, rule.SummaryOf(labels, began));
                open = null;
            }
        }

        if (open is var (last, figure))
        {
            yield return new WouldFire(labels, last, null, figure, rule.SummaryOf(labels, figure));
        }
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
