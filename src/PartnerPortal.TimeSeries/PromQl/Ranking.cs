using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>topk and bottomk. Which of equal values stay is decided as in Prometheus: by a heap that is filled in the order of the series.</summary>
internal static class Ranking
{
    public static List<ComputedSeries> Compute(
        AggregateExpression aggregate, List<(LabelSet Labels, List<ComputedSeries> Members)> groups, double[] parameter, Steps steps)
    {
        var results = new List<ComputedSeries>();
        foreach (var (_, members) in groups)
        {
            var kept = new Dictionary<int, ComputedSeries>();
            for (var i = 0; i < steps.Count; i++)
            {
                foreach (var n in Best(members, i, Limit(aggregate, parameter[i]), aggregate.Kind == AggregateKind.TopK))
                {
                    if (!kept.TryGetValue(n, out var one))
                    {
                        kept[n] = one = new ComputedSeries(members[n].Labels, Columns.None(steps));
                        results.Add(one);
                    }
                    one.Values[i] = members[n].Values[i];
                }
            }
        }
        return results;
    }

    private static long Limit(AggregateExpression aggregate, double parameter) => parameter is >= -9.2233720368547758e18 and <= 9.2233720368547748e18
        ? (long)parameter
        : throw new ExpressionRefused($"Scalar value {GoMath.Plain(parameter)} overflows int64", aggregate.Position, RefusalKind.Failed);

    /// <summary>The members with the best values at a step, best first.</summary>
    private static List<int> Best(List<ComputedSeries> members, int step, long limit, bool top)
    {
        if (limit < 1)
            return [];
        // The worst one lies at the root, so that a better one can take its place.
        var heap = new List<int>();
        bool Worse(int a, int b) => IsWorse(members[a].Values[step], members[b].Values[step], top);
        for (var n = 0; n < members.Count; n++)
        {
            var value = members[n].Values[step];
            if (Samples.IsStale(value))
                continue;
            if (heap.Count < limit)
            {
                heap.Add(n);
                Rise(heap, Worse);
            }
            else if (Replaces(value, members[heap[0]].Values[step], top))
            {
                heap[0] = n;
                Sink(heap, Worse);
            }
        }
        return [.. heap.Order(Comparer<int>.Create((a, b) => Worse(b, a) ? -1 : Worse(a, b) ? 1 : 0))];
    }

    private static bool IsWorse(double a, double b, bool top) => double.IsNaN(a) || (top ? a < b : a > b);

    private static bool Replaces(double value, double worst, bool top) => (top ? worst < value : worst > value) || (double.IsNaN(worst) && !double.IsNaN(value));

    private static void Rise(List<int> heap, Func<int, int, bool> worse)
    {
        for (var at = heap.Count - 1; at > 0 && worse(heap[at], heap[(at - 1) / 2]); at = (at - 1) / 2)
            (heap[at], heap[(at - 1) / 2]) = (heap[(at - 1) / 2], heap[at]);
    }

    private static void Sink(List<int> heap, Func<int, int, bool> worse)
    {
        var at = 0;
        while (2 * at + 1 < heap.Count)
        {
            var child = 2 * at + 1;
            if (child + 1 < heap.Count && worse(heap[child + 1], heap[child]))
                child++;
            if (!worse(heap[child], heap[at]))
                return;
            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }
}
