using System.Globalization;
using System.Text;
using CsCheck;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>Whatever is written by the rules reads back as it was, and whatever arrives instead is refused, never a crash.</summary>
public sealed class ExpositionPropertyTests
{
    private static readonly Gen<string> _name = Gen.Char["abcXYZ_059"].Array[1, 8].Select(c => "n" + new string(c));
    private static readonly Gen<string> _value = Gen.Frequency(
        (3, Gen.Char["ab\\\"\n{}=, #é€"].Array[1, 12].Select(c => new string(c))),
        (1, Gen.Int[0x1F600, 0x1F64F].Select(char.ConvertFromUtf32)));
    private static readonly Gen<double> _number = Gen.Frequency(
        (4, Gen.Double), (2, Gen.Int[-1000, 1000].Select(i => (double)i)), (2, Gen.Int[0, 100000].Select(i => i / 1000d)),
        (1, OneOf(double.PositiveInfinity, double.NegativeInfinity, -0d, double.Epsilon, double.MaxValue)));
    private static readonly Gen<LabelSet> _labels = Gen.Select(_name, Gen.Dictionary(_name, _value)[0, 5])
        .Select((name, labels) => LabelSet.Of(labels.Select(l => new Label(l.Key, l.Value)).Append(new Label(Label.MetricName, name))));

    [Fact]
    public void Prometheus_text_reads_back_as_it_was_written() =>
        Gen.Select(_labels, _number, Gen.Long[0, 4_000_000_000_000].Nullable()).Array[0, 20].Sample(lines =>
        {
            var distinct = lines.DistinctBy(l => l.Item1).ToList();
            var page = Parse(string.Concat(distinct.Select(l => $"{l.Item1} {Text(l.Item2)}{(l.Item3 is { } t ? " " + t : "")}\n")), ExpositionFormat.PrometheusText);
            return page.Samples.Select(s => (s.Series.Labels, Bits(s.Value), s.Time)).SequenceEqual(distinct.Select(l => (l.Item1, Bits(l.Item2), l.Item3)));
        });

    [Fact]
    public void OpenMetrics_reads_back_as_it_was_written() =>
        Gen.Select(_labels, _number).Array[0, 20].Sample(lines =>
        {
            var distinct = lines.DistinctBy(l => l.Item1.MetricName).ToList();
            var text = new StringBuilder();
            foreach (var (labels, value) in distinct)
                text.Append(CultureInfo.InvariantCulture, $"# TYPE {labels.MetricName} gauge\n{labels} {Text(value)}\n");
            var page = Parse(text.Append("# EOF\n").ToString(), ExpositionFormat.OpenMetrics);
            return page.Samples.Select(s => (s.Series.Labels, Bits(s.Value))).SequenceEqual(distinct.Select(l => (l.Item1, Bits(l.Item2))));
        });

    [Fact]
    public void A_page_in_pieces_is_the_same_page() =>
        Gen.Select(_labels, _number).Array[1, 10].SelectMany(l => Gen.Int[1, 40].Select(size => (l, size))).Sample((lines, size) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.DistinctBy(l => l.Item1).Select(l => $"{l.Item1} {Text(l.Item2)}\n")));
            var parser = new ExpositionParser(ExpositionFormat.PrometheusText);
            var consumed = 0;
            for (var end = Math.Min(size, bytes.Length); ; end = Math.Min(end + size, bytes.Length))
            {
                consumed += parser.Feed(bytes.AsSpan(consumed, end - consumed));
                if (end == bytes.Length)
                    break;
            }
            var pieces = parser.Finish(bytes.AsSpan(consumed));
            var whole = ExpositionParser.Parse(bytes, ExpositionFormat.PrometheusText);
            return pieces.Samples.Select(s => (s.Series.Labels, Bits(s.Value))).SequenceEqual(whole.Samples.Select(s => (s.Series.Labels, Bits(s.Value))));
        });

    [Fact]
    public void Mangled_pages_are_refused_or_read_but_never_crash() =>
        Gen.Select(_labels, _number).Array[1, 6].SelectMany(l => Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Bool).Array[1, 4].Select(damage => (l, damage))).Sample((lines, damage) =>
        {
            var text = "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {a=\"b\"} 1 2\n" + string.Concat(lines.Select(l => $"{l.Item1} {Text(l.Item2)}\n")) + "# EOF\n";
            var bytes = Encoding.UTF8.GetBytes(text).ToList();
            foreach (var (at, with, remove) in damage)
            {
                if (remove)
                    bytes.RemoveAt(at % bytes.Count);
                else
                    bytes[at % bytes.Count] = with;
            }
            foreach (var format in Enum.GetValues<ExpositionFormat>())
            {
                try
                {
                    ExpositionParser.Parse(bytes.ToArray(), format);
                }
                catch (ExpositionRefused refused)
                {
                    Assert.NotNull(refused.Line);
                }
            }
        });

    private static ExpositionPage Parse(string text, ExpositionFormat format) => ExpositionParser.Parse(Encoding.UTF8.GetBytes(text), format);

    private static string Text(double value) => double.IsInfinity(value) ? (value > 0 ? "+Inf" : "-Inf")
        : double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(double.IsNaN(value) ? Samples.OrdinaryNaN : value);

    private static Gen<double> OneOf(params double[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
