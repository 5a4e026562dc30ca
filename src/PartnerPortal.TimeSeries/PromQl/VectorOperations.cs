using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Arithmetic and comparisons between two vectors (promql/engine.go, VectorBinop, of Prometheus 2.42).</summary>
internal sealed class VectorOperations
{
    private readonly BinaryExpression _binary;
    private readonly VectorMatching _matching;
    private readonly Steps _steps;
    private readonly Budget _budget;
    private readonly List<ComputedSeries> _many;
    private readonly List<ComputedSeries> _one;
    private readonly Dictionary<LabelSet, List<ComputedSeries>> _oneByLabels;

    private VectorOperations(BinaryExpression binary, List<ComputedSeries> left, List<ComputedSeries> right, Steps steps, Budget budget)
    {
        (_binary, _matching, _steps, _budget) = (binary, binary.Matching!, steps, budget);
        // With group_right the sides change places; values change back when they are calculated.
        (_many, _one) = _matching.Cardinality == Cardinality.OneToMany ? (right, left) : (left, right);
        _oneByLabels = Grouped(_one);
    }

    public static List<ComputedSeries> Compute(BinaryExpression binary, List<ComputedSeries> left, List<ComputedSeries> right, Steps steps, Budget budget) =>
        left.Count == 0 || right.Count == 0 ? [] : new VectorOperations(binary, left, right, steps, budget).Compute();

    private List<ComputedSeries> Compute()
    {
        RefuseManyOnTheOneSide();
        var results = new List<ComputedSeries>(_many.Count);
        foreach (var (labels, members) in Grouped(_many))
        {
            if (!_oneByLabels.TryGetValue(labels, out var partners))
                continue;
            var matched = members.SelectMany(m => partners.Select(p => Pair(m, p))).OfType<ComputedSeries>().ToList();
            if (members.Count > 1)
                RefuseSeveralMatches(matched);
            results.AddRange(matched);
        }
        return Columns.Merged(results, _binary);
    }

    /// <summary>At an instant that has series on both sides, every series of the one side must stand alone with its labels.</summary>
    private void RefuseManyOnTheOneSide()
    {
        bool[]? needed = null;
        foreach (var (labels, members) in _oneByLabels)
        {
            for (var i = 0; members.Count > 1 && i < _steps.Count; i++)
            {
                var present = members.Where(m => !Samples.IsStale(m.Values[i])).Take(2).ToList();
                if (present.Count < 2 || !(needed ??= Columns.Presence(_many, _steps))[i])
                    continue;
                var side = _matching.Cardinality == Cardinality.OneToMany ? "left" : "right";
                throw Refused($"found duplicate series for the match group {labels.Spelled()} on the {side} hand-side of the operation: [{present[1].Labels.Spelled()}, {present[0].Labels.Spelled()}]"
                    + ";many-to-many matching not allowed: matching labels must be unique on one side");
            }
        }
    }

    private void RefuseSeveralMatches(List<ComputedSeries> matched)
    {
        var alone = _matching.Cardinality == Cardinality.OneToOne;
        foreach (var same in alone ? [matched] : matched.GroupBy(m => m.Labels).Select(g => g.ToList()))
        {
            for (var i = 0; i < _steps.Count; i++)
            {
                if (same.Count(m => !Samples.IsStale(m.Values[i])) > 1)
                {
                    throw Refused(alone
                        ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                        : "multiple matches for labels: grouping labels must ensure unique matches");
                }
            }
        }
    }

    private ComputedSeries? Pair(ComputedSeries many, ComputedSeries one)
    {
        _budget.Work(_steps.Count, _binary);
        var op = _binary.Operator;
        var (left, right) = _matching.Cardinality == Cardinality.OneToMany ? (one.Values, many.Values) : (many.Values, one.Values);
        var values = new double[left.Length];
        var any = false;
        for (var i = 0; i < values.Length; i++)
        {
            var (a, b) = (left[i], right[i]);
            if (Samples.IsStale(a) || Samples.IsStale(b))
                values[i] = Samples.Stale;
            else if (!op.IsComparison())
                values[i] = BinaryOperations.Calculate(op, a, b);
            else if (_binary.ReturnsBool)
                values[i] = BinaryOperations.Holds(op, a, b) ? 1 : 0;
            else
                values[i] = BinaryOperations.Holds(op, a, b) ? a : Samples.Stale;
            any |= !Samples.IsStale(values[i]);
        }
        return any ? new ComputedSeries(ResultLabels(many.Labels, one.Labels), values) : null;
    }

    private LabelSet ResultLabels(LabelSet many, LabelSet one)
    {
        var labels = _binary.Operator.DropsName() ? many.Without(Label.MetricName) : many;
        if (_matching.Cardinality == Cardinality.OneToOne)
            labels = _matching.On ? labels.Only(_matching.Labels) : labels.Without([.. _matching.Labels]);
        foreach (var included in _matching.Include)
            labels = labels.With(included, one[included]);
        return _binary.ReturnsBool ? labels.Without(Label.MetricName) : labels;
    }

    /// <summary>Series by the labels that are compared, in the order they came.</summary>
    private Dictionary<LabelSet, List<ComputedSeries>> Grouped(List<ComputedSeries> series)
    {
        var groups = new Dictionary<LabelSet, List<ComputedSeries>>(series.Count);
        foreach (var one in series)
        {
            var labels = _matching.SignatureOf(one.Labels);
            if (!groups.TryGetValue(labels, out var members))
                groups[labels] = members = new List<ComputedSeries>(1);
            members.Add(one);
        }
        return groups;
    }

    private ExpressionRefused Refused(string reason) => new(reason, _binary.Position, RefusalKind.Failed);
}
