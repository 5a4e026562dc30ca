using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Reviews;

/// <summary>Sees what a target's expression gives now, over the series of its integration and nothing else.</summary>
public sealed class TargetReading(RuleReading reading, TimeProvider clock)
{
    // Targets look back over weeks, and nobody waits for them.
    private static readonly QueryLimits Limits = new() { MostSamples = 20_000_000, MostSeries = 20_000, MostTime = TimeSpan.FromSeconds(10) };

    private const double Largest = 1e27;

    /// <summary>The value of this moment; of several series the one that keeps the figure worst. Without a value it says why.</summary>
    public async Task<TargetObservation> ReadAsync(string partner, string integration, TargetTerms terms, string query, CancellationToken cancel)
    {
        var at = clock.GetUtcNow();
        DateTimeOffset? from = terms.Window is { } window && Durations.TryParse(window, out var length) ? at - length : null;
        try
        {
            var expression = Expression.Parse(query);
            var result = await reading.ComputeAsync(partner, integration, expression, Steps.At(at.ToUnixTimeMilliseconds()), Limits, cancel);
            var (value, error) = Judge(result, terms.Comparator);
            return new TargetObservation(value, at, from, at, error);
        }
        catch (ExpressionRefused refused)
        {
            return new TargetObservation(null, at, from, at, refused.Message);
        }
    }

    private static (decimal? Value, string? Error) Judge(RuleResult result, Comparator comparator)
    {
        // What only computes with numbers, or falls back to one, proves nothing.
        if (!result.Reads.Any(r => r.IsReported || r.Series.Any(RuleResult.IsCurrent)))
        {
            return (null, "No series of this integration has the figures that the expression asks for.");
        }

        var values = result.Answer.Series.Select(s => s.Values[^1]).Where(v => !Samples.IsStale(v)).ToList();
        return values switch
        {
            [] => (null, "The expression gives no value at this moment."),
            _ when values.Exists(v => !double.IsFinite(v) || Math.Abs(v) > Largest) => (null, "The expression gives no number at this moment, as when something is divided by zero."),
            _ => ((decimal)(comparator is Comparator.AtLeast or Comparator.Above ? values.Min() : values.Max()), null),
        };
    }
}
