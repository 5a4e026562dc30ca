namespace PartnerPortal.TimeSeries.Onset;

/// <summary>A stretch of a series with the level or line that fits it; the end is excluded.</summary>
internal readonly record struct Stretch(int From, int To, double Middle, double Slope)
{
    /// <summary>Whether it is level.</summary>
    public bool IsLevel => Slope == 0;

    /// <summary>The fit at a place.</summary>
    public double At(double place) => Middle + Slope * (place - (From + To - 1) / 2d);
}

/// <summary>Cuts a series into stretches that are level or straight, at the least sum of squared misses and penalties.</summary>
internal sealed class Segmentation
{
    // Found by simulation (docs/performance.md): less than one series in twenty of pure noise gets a cut, whatever its length.
    private const double CutCosts = 3;
    private const double SlopeCosts = 1.5;

    private readonly double[] _sum;
    private readonly double[] _squares;
    private readonly double[] _moments;
    private readonly double _slopeCosts;

    private Segmentation(double[] values, double noise)
    {
        (_sum, _squares, _moments) = (new double[values.Length + 1], new double[values.Length + 1], new double[values.Length + 1]);
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i] / noise;
            _sum[i + 1] = _sum[i] + value;
            _squares[i + 1] = _squares[i] + value * value;
            _moments[i + 1] = _moments[i] + value * i;
        }
        _slopeCosts = SlopeCosts * Math.Log(values.Length);
    }

    /// <summary>The cheapest stretches, in order.</summary>
    public static List<Stretch> Cut(double[] values, double noise)
    {
        var middle = Robust.Median(values);
        var costs = new Segmentation(Array.ConvertAll(values, v => v - middle), noise);
        var shortest = Math.Clamp(values.Length / 40, 3, 8);
        var cutCosts = CutCosts * Math.Log(values.Length);
        var best = new double[values.Length + 1];
        var last = new int[values.Length + 1];
        Array.Fill(best, double.MaxValue);
        best[0] = -cutCosts;
        for (var to = shortest; to <= values.Length; to++)
        {
            for (var from = 0; from <= to - shortest; from = from == 0 ? shortest : from + 1)
            {
                var cost = best[from] + costs.Of(from, to) + cutCosts;
                if (cost < best[to])
                    (best[to], last[to]) = (cost, from);
            }
        }

        List<Stretch> stretches = [];
        for (var to = values.Length; to > 0; to = last[to])
            stretches.Add(costs.Fit(last[to], to, noise, middle));
        stretches.Reverse();
        return stretches;
    }

    private double Of(int from, int to) => Math.Min(Level(from, to).Missed, Line(from, to).Missed + _slopeCosts);

    private Stretch Fit(int from, int to, double noise, double middle)
    {
        var (missed, mean) = Level(from, to);
        var line = Line(from, to);
        return new Stretch(from, to, mean * noise + middle, line.Missed + _slopeCosts < missed ? line.Slope * noise : 0);
    }

    private (double Missed, double Mean) Level(int from, int to)
    {
        var mean = (_sum[to] - _sum[from]) / (to - from);
        return (Math.Max(0, _squares[to] - _squares[from] - mean * mean * (to - from)), mean);
    }

    private (double Missed, double Slope) Line(int from, int to)
    {
        double n = to - from;
        var (missed, mean) = Level(from, to);
        // Around the middle of the stretch the squares of n places sum up to n(n² - 1)/12.
        var moment = _moments[to] - _moments[from] - mean * n * ((from + to - 1) / 2d);
        var slope = moment / (n * (n * n - 1) / 12);
        return (Math.Max(0, missed - slope * moment), slope);
    }
}
