using System.Globalization;
using System.Text;

namespace PartnerPortal.SamplePartner;

/// <summary>A named set of series of one kind. Labels are given as text, ready to stand between braces.</summary>
internal abstract class MetricFamily(string name, string help, string unit = "")
{
    protected string Name => name;

    protected Lock Door { get; } = new();

    public abstract void Write(StringBuilder page, bool openMetrics);

    /// <summary>OpenMetrics names a counter's family without its suffix and an info's too; Prometheus text names the sample.</summary>
    protected void WriteHead(StringBuilder page, bool openMetrics, string type, string suffix)
    {
        var (shownName, shownType) = openMetrics ? (name, type) : (name + suffix, type == "info" ? "gauge" : type);
        page.Append(CultureInfo.InvariantCulture, $"# HELP {shownName} {help}\n# TYPE {shownName} {shownType}\n");
        if (openMetrics && unit.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"# UNIT {name} {unit}\n");
        }
    }

    protected static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    protected static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

internal sealed class Counter(string name, string help) : MetricFamily(name, help)
{
    private readonly SortedDictionary<string, long> _values = new(StringComparer.Ordinal);

    public void Add(string labels, long amount = 1)
    {
        lock (Door)
        {
            _values[labels] = _values.GetValueOrDefault(labels) + amount;
        }
    }

    public override void Write(StringBuilder page, bool openMetrics)
    {
        WriteHead(page, openMetrics, "counter", "_total");
        lock (Door)
        {
            foreach (var (labels, value) in _values)
            {
                page.Append(CultureInfo.InvariantCulture, $"{Name}_total{Braced(labels)} {value}\n");
            }
        }
    }
}

/// <summary>Read when the page is written.</summary>
internal sealed class Gauge(string name, string help, Func<IEnumerable<(string Labels, double Value)>> read, string unit = "")
    : MetricFamily(name, help, unit)
{
    public override void Write(StringBuilder page, bool openMetrics)
    {
        WriteHead(page, openMetrics, "gauge", "");
        foreach (var (labels, value) in read())
        {
            page.Append(CultureInfo.InvariantCulture, $"{Name}{Braced(labels)} {Text(value)}\n");
        }
    }
}

internal sealed class Info(string name, string help, string labels) : MetricFamily(name, help)
{
    public override void Write(StringBuilder page, bool openMetrics)
    {
        WriteHead(page, openMetrics, "info", "_info");
        page.Append(CultureInfo.InvariantCulture, $"{Name}_info{Braced(labels)} 1\n");
    }
}

/// <summary>Cumulative buckets; the last call seen with a trace id in a bucket is shown as its exemplar in OpenMetrics.</summary>
internal sealed class Histogram(string name, string help) : MetricFamily(name, help, "seconds")
{
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    public void Observe(string labels, double seconds, string? exemplar = null)
    {
        lock (Door)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                _series[labels] = series = new Series();
            }
            var bucket = Array.FindIndex(Bounds, bound => seconds <= bound);
            bucket = bucket < 0 ? Bounds.Length : bucket;
            series.Counts[bucket]++;
            series.Sum += seconds;
            if (exemplar is not null)
            {
                series.Exemplars[bucket] = $" # {exemplar} {Text(seconds)}";
            }
        }
    }

    public override void Write(StringBuilder page, bool openMetrics)
    {
        WriteHead(page, openMetrics, "histogram", "");
        lock (Door)
        {
            foreach (var (labels, series) in _series)
            {
                var total = 0L;
                for (var i = 0; i <= Bounds.Length; i++)
                {
                    // Both formats spell a bound alike (1.0, not 1), so that the series stays one whichever format is asked for.
                    var le = i == Bounds.Length ? "+Inf" : Bounds[i].ToString("0.0##", CultureInfo.InvariantCulture);
                    page.Append(CultureInfo.InvariantCulture, $"{Name}_bucket{{{labels},le=\"{le}\"}} {total += series.Counts[i]}{(openMetrics ? series.Exemplars[i] : "")}\n");
                }
                page.Append(CultureInfo.InvariantCulture, $"{Name}_sum{Braced(labels)} {Text(series.Sum)}\n{Name}_count{Braced(labels)} {total}\n");
            }
        }
    }

    private sealed class Series
    {
        public long[] Counts { get; } = new long[Bounds.Length + 1];

        public string?[] Exemplars { get; } = new string?[Bounds.Length + 1];

        public double Sum { get; set; }
    }
}
