using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Aggregations over series (promql/engine.go, aggregation, of Prometheus 2.42): every instant by itself, in the order of the series.</summary>
internal static class Aggregations
{
    public static List<ComputedSeries> Compute(AggregateExpression aggregate, List<ComputedSeries> series, double[]? parameter, Steps steps) => aggregate.Kind switch
    {
        AggregateKind.CountValues => CountedValues.Compute(aggregate, series, steps),
        AggregateKind.TopK or AggregateKind.BottomK => Columns.Merged(Ranking.Compute(aggregate, Groups(aggregate, series), parameter!, steps), aggregate),
        _ => [.. Groups(aggregate, series).Select(g => new ComputedSeries(g.Labels, Values(aggregate.Kind, g.Members, parameter, steps)))],
    };

    /// <summary>The labels that a series has in its group.</summary>
    public static LabelSet LabelsOf(AggregateExpression aggregate, LabelSet labels) =>
        aggregate.Without ? labels.Without([.. aggregate.Labels, Label.MetricName]) : labels.Only(aggregate.Labels);

    private static List<(LabelSet Labels, List<ComputedSeries> Members)> Groups(AggregateExpression aggregate, List<ComputedSeries> series)
    {
        var places = new Dictionary<LabelSet, List<ComputedSeries>>();
        var groups = new List<(LabelSet, List<ComputedSeries>)>();
        foreach (var one in series)
        {
            var labels = LabelsOf(aggregate, one.Labels);
            if (!places.TryGetValue(labels, out var members))
            {
                places[labels] = members = [];
                groups.Add((labels, members));
            }
            members.Add(one);
        }
        return groups;
    }

    private static double[] Values(AggregateKind kind, List<ComputedSeries> members, double[]? parameter, Steps steps) => kind switch
    {
        AggregateKind.Sum => Fold(members, steps, static (sum, value) => sum + value),
        AggregateKind.Min => Fold(members, steps, static (least, value) => least > value || double.IsNaN(least) ? value : least),
        AggregateKind.Max => Fold(members, steps, static (most, value) => most < value || double.IsNaN(most) ? value : most),
        AggregateKind.Group => Array.ConvertAll(Columns.Presence(members, steps), p => p ? 1 : Samples.Stale),
        AggregateKind.Count => Array.ConvertAll(Counts(members, steps), n => n == 0 ? Samples.Stale : n),
        AggregateKind.Avg => Averages(members, steps),
        AggregateKind.Stdvar => Variances(members, steps),
        AggregateKind.Stddev => Array.ConvertAll(Variances(members, steps), v => Samples.IsStale(v) ? v : Math.Sqrt(v)),
        _ => QuantileValues(members, parameter!, steps),
    };

    private static double[] Fold(List<ComputedSeries> members, Steps steps, Func<double, double, double> fold)
    {
        var values = Columns.None(steps);
        foreach (var member in members)
        {
            var more = member.Values;
            for (var i = 0; i < values.Length; i++)
            {
                if (!Samples.IsStale(more[i]))
                    values[i] = Samples.IsStale(values[i]) ? more[i] : fold(values[i], more[i]);
            }
        }
        return values;
    }

    private static int[] Counts(List<ComputedSeries> members, Steps steps)
    {
        var counts = new int[steps.Count];
        foreach (var member in members)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                if (!Samples.IsStale(member.Values[i]))
                    counts[i]++;
            }
        }
        return counts;
    }

    private static double[] Averages(List<ComputedSeries> members, Steps steps)
    {
        var means = Columns.None(steps);
        var counts = new int[steps.Count];
        foreach (var member in members)
        {
            for (var i = 0; i < means.Length; i++)
            {
                var value = member.Values[i];
                if (Samples.IsStale(value))
                    continue;
                if (++counts[i] == 1)
                    means[i] = value;
                else if (!OverTime.StaysInfinite(means[i], value))
                    means[i] += value / counts[i] - means[i] / counts[i];
            }
        }
        return means;
    }

    /// <summary>The population's variance (Welford 1962). One series alone has none, not even an infinite or missing value.</summary>
    private static double[] Variances(List<ComputedSeries> members, Steps steps)
    {
        var (squares, means, counts) = (Columns.None(steps), new double[steps.Count], new int[steps.Count]);
        foreach (var member in members)
        {
            for (var i = 0; i < squares.Length; i++)
            {
                var value = member.Values[i];
                if (Samples.IsStale(value))
                    continue;
                if (++counts[i] == 1)
                {
                    (means[i], squares[i]) = (value, 0);
                    continue;
                }
                var delta = value - means[i];
                means[i] += delta / counts[i];
                squares[i] += delta * (value - means[i]);
            }
        }
        for (var i = 0; i < squares.Length; i++)
        {
            if (counts[i] > 0)
                squares[i] /= counts[i];
        }
        return squares;
    }

    private static double[] QuantileValues(List<ComputedSeries> members, double[] quantiles, Steps steps)
    {
        var values = new double[steps.Count];
        var present = new double[members.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var count = 0;
            foreach (var member in members)
            {
                if (!Samples.IsStale(member.Values[i]))
                    present[count++] = member.Values[i];
            }
            values[i] = count == 0 ? Samples.Stale : Quantiles.Of(quantiles[i], present.AsSpan(0, count));
        }
        return values;
    }
}
