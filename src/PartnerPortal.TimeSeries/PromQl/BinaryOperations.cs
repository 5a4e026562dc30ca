using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Operators between two sides; between two vectors the classes <see cref="VectorOperations"/> and <see cref="SetOperations"/> do it.</summary>
internal static class BinaryOperations
{
    public static List<ComputedSeries> Compute(BinaryExpression binary, List<ComputedSeries> left, List<ComputedSeries> right, Steps steps, Budget budget)
    {
        var (leftType, rightType) = (binary.Left.Type, binary.Right.Type);
        if (leftType == ExpressionType.InstantVector && rightType == ExpressionType.InstantVector)
            return binary.Operator.IsSet() ? SetOperations.Compute(binary, left, right, steps) : VectorOperations.Compute(binary, left, right, steps, budget);
        if (leftType == ExpressionType.Scalar && rightType == ExpressionType.Scalar)
            return [new ComputedSeries(LabelSet.Empty, Scalars(binary.Operator, left[0].Values, right[0].Values))];
        return leftType == ExpressionType.Scalar ? WithScalar(binary, right, left[0].Values, scalarFirst: true) : WithScalar(binary, left, right[0].Values, scalarFirst: false);
    }

    public static double Calculate(BinaryOperator op, double a, double b) => op switch
    {
        BinaryOperator.Add => a + b,
        BinaryOperator.Subtract => a - b,
        BinaryOperator.Multiply => a * b,
        BinaryOperator.Divide => a / b,
        BinaryOperator.Modulo => a % b,
        BinaryOperator.Power => Math.Pow(a, b),
        _ => Math.Atan2(a, b),
    };

    public static bool Holds(BinaryOperator op, double a, double b) => op switch
    {
        BinaryOperator.Equal => a == b,
        BinaryOperator.NotEqual => a != b,
        BinaryOperator.AtLeast => a >= b,
        BinaryOperator.Above => a > b,
        BinaryOperator.Below => a < b,
        _ => a <= b,
    };

    private static double[] Scalars(BinaryOperator op, double[] left, double[] right)
    {
        var values = new double[left.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = op.IsComparison() ? Holds(op, left[i], right[i]) ? 1 : 0 : Calculate(op, left[i], right[i]);
        return values;
    }

    private static List<ComputedSeries> WithScalar(BinaryExpression binary, List<ComputedSeries> series, double[] scalar, bool scalarFirst)
    {
        var op = binary.Operator;
        var results = new List<ComputedSeries>(series.Count);
        foreach (var one in series)
        {
            var values = new double[scalar.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var value = one.Values[i];
                if (Samples.IsStale(value))
                {
                    values[i] = Samples.Stale;
                    continue;
                }
                var (a, b) = scalarFirst ? (scalar[i], value) : (value, scalar[i]);
                // A comparison keeps the series' value, on whichever side it stands.
                values[i] = !op.IsComparison() ? Calculate(op, a, b)
                    : binary.ReturnsBool ? Holds(op, a, b) ? 1 : 0
                    : Holds(op, a, b) ? value : Samples.Stale;
            }
            results.Add(new ComputedSeries(op.DropsName() || binary.ReturnsBool ? one.Labels.Without(Label.MetricName) : one.Labels, values));
        }
        return Columns.Merged(Filled(results, op), binary);
    }

    /// <summary>Without the series of which a comparison left nothing.</summary>
    private static List<ComputedSeries> Filled(List<ComputedSeries> series, BinaryOperator op)
    {
        if (op.IsComparison())
            series.RemoveAll(s => Columns.IsEmpty(s.Values));
        return series;
    }
}
