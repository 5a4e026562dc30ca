using System.Text;
using System.Text.Unicode;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>The lines that begin with #: type, help and unit of a metric.</summary>
internal sealed class MetadataLines(Dictionary<string, MetricFamily> families, ExpositionLimits limits, OpenMetricsRules? rules)
{
    private const int MaxHelp = 2000;

    private readonly HashSet<string> _typed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _helped = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sampled = new(StringComparer.Ordinal);
    private string? _last;

    /// <summary>Notes that a metric has samples, after which its type may no longer be announced.</summary>
    public void SawSample(string metricName)
    {
        if (ReferenceEquals(metricName, _last))
            return;
        _last = metricName;
        _sampled.Add(metricName);
    }

    public void ReadPrometheus(ReadOnlySpan<byte> line)
    {
        var rest = line[1..].TrimStart(" \t"u8);
        var keyword = Word(ref rest);
        var isType = keyword.SequenceEqual("TYPE"u8);
        if ((!isType && !keyword.SequenceEqual("HELP"u8)) || rest.IsEmpty)
            return;
        var name = Name(Word(ref rest));
        if (isType)
        {
            var word = rest.TrimEnd(" \t"u8);
            if (_sampled.Contains(name))
                throw new LineRefused($"The type of {name} is announced after its samples.");
            if (!_typed.Add(name))
                throw new LineRefused($"The type of {name} is announced a second time.");
            Put(name, Described(name) with { Type = PrometheusType(word) });
        }
        else
        {
            if (!_helped.Add(name))
                throw new LineRefused($"The help of {name} is given a second time.");
            Put(name, Described(name) with { Help = Help(rest, name) });
        }
    }

    public void ReadOpenMetrics(ReadOnlySpan<byte> line)
    {
        var keyword = line.StartsWith("# TYPE "u8) || line.StartsWith("# HELP "u8) || line.StartsWith("# UNIT "u8)
            ? line.Slice(2, 4)
            : throw new LineRefused("OpenMetrics knows lines with #, one space and HELP, TYPE, UNIT or EOF, not this one.");
        var rest = line[7..];
        var space = rest.IndexOf((byte)' ');
        if (space < 0)
            throw new LineRefused("A metric's name and, after one space, its description were expected.");
        var name = Name(rest[..space]);
        var text = rest[(space + 1)..];
        var family = Described(name);
        family = keyword[0] switch
        {
            (byte)'T' => family with { Type = OpenMetricsType(text) },
            (byte)'H' => family with { Help = Help(text, name) },
            _ => family with { Unit = Unit(text, name) },
        };
        rules!.Announce(family, keyword[0]);
        Put(name, family);
    }

    private MetricFamily Described(string name) => families.TryGetValue(name, out var family) ? family : new MetricFamily(name, MetricType.Unknown, "", "");

    private void Put(string name, MetricFamily family)
    {
        if (families.Count >= limits.Samples)
            throw new LineRefused($"The page describes more than {limits.Samples} metrics, the limit of this source.");
        families[name] = family;
    }

    private string Name(ReadOnlySpan<byte> text)
    {
        var name = Encoding.UTF8.GetString(text[..Math.Min(text.Length, limits.NameBytes + 1)]);
        if (text.Length > limits.NameBytes)
            throw new LineRefused($"A metric's name has {text.Length} bytes; at most {limits.NameBytes} are taken.");
        return Labels.Label.IsMetricName(name) ? name : throw new LineRefused($"\"{SampleLine.Shown(text)}\" is not a metric's name.");
    }

    private static string Help(ReadOnlySpan<byte> text, string name)
    {
        if (!Utf8.IsValid(text))
            throw new LineRefused($"The help of {name} is not valid UTF-8.");
        var help = Encoding.UTF8.GetString(text).Replace(@"\\", "\0", StringComparison.Ordinal)
            .Replace(@"\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace('\0', '\\');
        return help.Length <= MaxHelp ? help : string.Concat(help.AsSpan(0, MaxHelp), "…");
    }

    private string Unit(ReadOnlySpan<byte> text, string name)
    {
        if (text.Length > limits.NameBytes)
            throw new LineRefused($"The unit of {name} is longer than {limits.NameBytes} bytes.");
        var unit = Encoding.UTF8.GetString(text);
        return unit.Length == 0 || name.EndsWith("_" + unit, StringComparison.Ordinal)
            ? unit
            : throw new LineRefused($"The unit {SampleLine.Shown(text)} must be the end of the metric's name, {name}.");
    }

    private static MetricType PrometheusType(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("untyped"u8) ? MetricType.Unknown
        : OpenMetricsTypeOrNull(word) is { } type and not (MetricType.Info or MetricType.StateSet or MetricType.GaugeHistogram) ? type
        : throw new LineRefused($"\"{SampleLine.Shown(word)}\" is not a metric type; counter, gauge, histogram, summary and untyped are.");

    private static MetricType OpenMetricsType(ReadOnlySpan<byte> word) =>
        OpenMetricsTypeOrNull(word) ?? throw new LineRefused(
            $"\"{SampleLine.Shown(word)}\" is not a metric type; counter, gauge, histogram, summary, info, stateset, gaugehistogram and unknown are.");

    private static MetricType? OpenMetricsTypeOrNull(ReadOnlySpan<byte> word) => Encoding.ASCII.GetString(word) switch
    {
        "unknown" => MetricType.Unknown,
        "counter" => MetricType.Counter,
        "gauge" => MetricType.Gauge,
        "histogram" => MetricType.Histogram,
        "summary" => MetricType.Summary,
        "info" => MetricType.Info,
        "stateset" => MetricType.StateSet,
        "gaugehistogram" => MetricType.GaugeHistogram,
        _ => null,
    };

    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..].TrimStart(" \t"u8);
        return word;
    }
}
