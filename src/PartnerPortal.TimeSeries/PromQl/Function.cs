namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A function of PromQL: what it takes and gives (promql/parser/functions.go of Prometheus 2.42).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Takes">The types of its arguments.</param>
/// <param name="Optional">How many of them may be left out at the end; -1 when the last one may be repeated or left out.</param>
/// <param name="Returns">The type of its result.</param>
public sealed record Function(string Name, IReadOnlyList<ExpressionType> Takes, int Optional, ExpressionType Returns)
{
    private const ExpressionType V = ExpressionType.InstantVector, R = ExpressionType.RangeVector, S = ExpressionType.Scalar, T = ExpressionType.Text;

    private static readonly Dictionary<string, Function> _all = Table().ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Every function, by name.</summary>
    public static IReadOnlyList<Function> All { get; } = [.. _all.Values.OrderBy(f => f.Name, StringComparer.Ordinal)];

    /// <summary>A function by its name, or null.</summary>
    public static Function? Find(string name) => _all.GetValueOrDefault(name);

    /// <inheritdoc />
    public bool Equals(Function? other) => other?.Name == Name;

    /// <inheritdoc />
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    private static IEnumerable<Function> Table()
    {
        foreach (var name in "abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_count histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp".Split(' '))
            yield return new(name, [V], 0, V);
        foreach (var name in "day_of_month day_of_week day_of_year days_in_month hour minute month year".Split(' '))
            yield return new(name, [V], 1, V);
        foreach (var name in ("absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time "
            + "present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time").Split(' '))
            yield return new(name, [R], 0, V);
        yield return new("clamp", [V, S, S], 0, V);
        yield return new("clamp_max", [V, S], 0, V);
        yield return new("clamp_min", [V, S], 0, V);
        yield return new("histogram_fraction", [S, S, V], 0, V);
        yield return new("histogram_quantile", [S, V], 0, V);
        yield return new("holt_winters", [R, S, S], 0, V);
        yield return new("label_join", [V, T, T, T], -1, V);
        yield return new("label_replace", [V, T, T, T, T], 0, V);
        yield return new("pi", [], 0, S);
        yield return new("predict_linear", [R, S], 0, V);
        yield return new("quantile_over_time", [S, R], 0, V);
        yield return new("round", [V, S], 1, V);
        yield return new("scalar", [V], 0, S);
        yield return new("time", [], 0, S);
        yield return new("vector", [S], 0, V);
    }
}
