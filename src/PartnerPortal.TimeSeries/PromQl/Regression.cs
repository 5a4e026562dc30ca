using System.Globalization;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Trends of a window: deriv, predict_linear and holt_winters.</summary>
internal static class Regression
{
    public static double Slope(in RangeWindow window) =>
        window.Samples.Length < 2 ? Samples.Stale : Line(window.Samples, window.Samples[0].Time).Slope;

    public static double Predict(in RangeWindow window)
    {
        if (window.Samples.Length < 2)
            return Samples.Stale;
        var (slope, intercept) = Line(window.Samples, window.At);
        return slope * window.First + intercept;
    }

    /// <summary>Double exponential smoothing (Holt); the trend is smoothed by the second factor.</summary>
    public static double HoltWinters(in RangeWindow window)
    {
        var (smoothing, trend) = (Factor(window.First, "smoothing factor", "sf"), Factor(window.Second, "trend factor", "tf"));
        var samples = window.Samples;
        if (samples.Length < 2)
            return Samples.Stale;
        double before = 0, level = samples[0].Value, slope = samples[1].Value - samples[0].Value;
        for (var i = 1; i < samples.Length; i++)
        {
            if (i > 1)
                slope = trend * (level - before) + (1 - trend) * slope;
            (before, level) = (level, smoothing * samples[i].Value + (1 - smoothing) * (level + slope));
        }
        return level;
    }

    /// <summary>Least squares over seconds from an instant.</summary>
    private static (double Slope, double Intercept) Line(ReadOnlySpan<Sample> samples, long origin)
    {
        KahanSum x = new(), y = new(), xy = new(), xx = new();
        var constant = true;
        foreach (var sample in samples)
        {
            constant &= sample.Value == samples[0].Value;
            var at = (sample.Time - origin) / 1e3;
            x.Add(at);
            y.Add(sample.Value);
            xy.Add(at * sample.Value);
            xx.Add(at * at);
        }
        if (constant)
            return double.IsInfinity(samples[0].Value) ? (double.NaN, double.NaN) : (0, samples[0].Value);
        double n = samples.Length;
        var slope = (xy.Exact - x.Exact * y.Exact / n) / (xx.Exact - x.Exact * x.Exact / n);
        return (slope, y.Exact / n - slope * x.Exact / n);
    }

    private static double Factor(double factor, string name, string letters) => factor is > 0 and < 1
        ? factor
        : throw new ExpressionRefused(
            $"invalid {name}. Expected: 0 < {letters} < 1, got: {factor.ToString("F6", CultureInfo.InvariantCulture)}", 0, RefusalKind.Failed);
}
