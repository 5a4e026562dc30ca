namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A quantile of a few values: between two of them it is weighted; NaN sorts below everything (promql/quantile.go, quantile).</summary>
internal static class Quantiles
{
    public static double Of(double quantile, ReadOnlySpan<Sample> samples)
    {
        var values = new double[samples.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = samples[i].Value;
        return Of(quantile, values);
    }

    /// <summary>The quantile of values, which are sorted on the way.</summary>
    public static double Of(double quantile, Span<double> values)
    {
        if (values.Length == 0 || double.IsNaN(quantile))
            return Samples.OrdinaryNaN;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        values.Sort();
        var rank = quantile * (values.Length - 1);
        var lower = (int)Math.Max(0, Math.Floor(rank));
        var upper = Math.Min(values.Length - 1, lower + 1);
        var weight = rank - Math.Floor(rank);
        return values[lower] * (1 - weight) + values[upper] * weight;
    }
}
