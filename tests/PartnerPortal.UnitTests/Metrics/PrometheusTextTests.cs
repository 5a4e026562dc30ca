using System.Globalization;
using System.Text;
using CsCheck;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Values_labels_stamps_and_descriptions_are_read()
    {
        var page = Parse("""
            # HELP shop_orders_total Orders that were\nplaced.
            # TYPE shop_orders_total counter
            shop_orders_total{kind="album",shop="K\"Ö\\ln\n"} 1027 1395066363000
            shop_temperature -3.5e-2
            shop_limit +Inf

            """);
        Assert.Equal(3, page.Samples.Count);
        Assert.Equal("album", page.Samples[0].Series.Labels["kind"]);
        Assert.Equal("K\"Ö\\ln\n", page.Samples[0].Series.Labels["shop"]);
        Assert.Equal(1027, page.Samples[0].Value);
        Assert.Equal(1395066363000, page.Samples[0].Time);
        Assert.Equal(-0.035, page.Samples[1].Value);
        Assert.Null(page.Samples[1].Time);
        Assert.Equal(double.PositiveInfinity, page.Samples[2].Value);
        Assert.Equal(new MetricFamily("shop_orders_total", MetricType.Counter, "Orders that were\nplaced.", ""), page.Families["shop_orders_total"]);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1.", 1)]
    [InlineData(".5", 0.5)]
    [InlineData("0.1", 0.1)]
    [InlineData("123456789012345678", 123456789012345678d)]
    [InlineData("0.30000000000000004", 0.30000000000000004)]
    [InlineData("4.9406564584124654e-324", double.Epsilon)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("+Infinity", double.PositiveInfinity)]
    public void Numbers_are_read_exactly(string text, double expected) =>
        Assert.Equal(BitConverter.DoubleToUInt64Bits(expected), BitConverter.DoubleToUInt64Bits(Parse($"a {text}\n").Samples[0].Value));

    [Fact]
    public void Numbers_of_any_length_are_rounded_as_the_framework_rounds_them() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 19], Gen.Int[-330, 320], Gen.Int[0, 4]).Sample((digits, point, exponent, shape) =>
        {
            var text = digits.ToString(CultureInfo.InvariantCulture);
            if (shape > 0)
                text = text.Insert(Math.Clamp(point, 1, text.Length), ".");
            text = shape switch
            {
                2 => FormattableString.Invariant($"-{text}e{exponent}"),
                3 => FormattableString.Invariant($"{text}E+{Math.Abs(exponent) % 60}"),
                4 => BitConverter.UInt64BitsToDouble(digits & 0x7fefffffffffffff).ToString("R", CultureInfo.InvariantCulture),
                _ => text,
            };
            var read = Parse($"a {text}\n").Samples[0].Value;
            return BitConverter.DoubleToUInt64Bits(read) == BitConverter.DoubleToUInt64Bits(double.Parse(text, CultureInfo.InvariantCulture));
        }, iter: 20_000);

    [Theory]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e5x")]
    [InlineData("1.5.2")]
    [InlineData("12345678901234567890123x")]
    public void What_only_begins_like_a_number_is_refused(string text)
    {
        var cache = new SeriesCache();
        ExpositionParser.Parse("a 1\n"u8, ExpositionFormat.PrometheusText, series: cache);
        Assert.Contains("number", Assert.Throws<ExpositionRefused>(() => ExpositionParser.Parse(Encoding.UTF8.GetBytes($"a {text}\n"), ExpositionFormat.PrometheusText, series: cache)).Reason, StringComparison.Ordinal);
        Assert.Contains("number", Assert.Throws<ExpositionRefused>(() => Parse($"a {text}\n")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reported_NaN_is_not_the_marker_for_an_ended_series()
    {
        var value = Parse("a NaN\n").Samples[0].Value;
        Assert.True(double.IsNaN(value));
        Assert.False(Samples.IsStale(value));
    }

    [Theory]
    [InlineData("a{b=\"c\"} \n", 1, "value is missing")]
    [InlineData("ok 1\na 0x1p-3\n", 2, "number was expected")]
    [InlineData("ok 1\na 1 2 3\n", 2, "timestamp")]
    [InlineData("a 1\r\n", 1, "\\r")]
    [InlineData("a{b=\"c} 1\n", 1, "closing quote")]
    [InlineData("a{b=\"c\" 1\n", 1, "not closed")]
    [InlineData("a{b=\"c\\", 1, "line end")]
    [InlineData("a{b=\"c\\\n", 1, "closing quote")]
    [InlineData("a{:b=\"c\"} 1\n", 1, "label's name")]
    [InlineData("1a 1\n", 1, "begin with a digit")]
    [InlineData("a-b 1\n", 1, "character")]
    [InlineData("{\"quoted name\"} 1\n", 1, "JSON")]
    [InlineData("ok 1\n{\"quoted name\"} 1\n", 2, "metric's name")]
    [InlineData("# TYPE a counter\n# TYPE a counter\n", 2, "second time")]
    [InlineData("a 1 # {} 1\n", 1, "timestamp")]
    [InlineData("<!doctype html>\n", 1, "HTML")]
    public void A_broken_line_is_refused_with_its_number_and_a_reason(string text, int line, string reason)
    {
        var refused = Assert.Throws<ExpositionRefused>(() => Parse(text));
        Assert.Equal(line, refused.Line);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused()
    {
        var refused = Assert.Throws<ExpositionRefused>(() => ExpositionParser.Parse([.. "a{b=\""u8, 0xff, .. "\"} 1\n"u8], ExpositionFormat.PrometheusText));
        Assert.Contains("UTF-8", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_that_appears_twice_counts_once_and_is_reported()
    {
        var page = Parse("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 2\n");
        Assert.Equal(1, Assert.Single(page.Samples).Value);
        Assert.Equal(1, page.Duplicates);
    }

    [Theory]
    [InlineData("a 1\nb 2\nc 3\n", 3, "more than 2 samples")]
    [InlineData("a{a=\"1\",b=\"1\",c=\"1\"} 1\n", 1, "more than 2 labels")]
    [InlineData("a{b=\"12345678901\"} 1\n", 1, "11 bytes; at most 10")]
    [InlineData("a{bbbbbbbbbbb=\"1\"} 1\n", 1, "11 bytes; at most 10")]
    [InlineData("aaaaaaaaaaa 1\n", 1, "11 bytes; at most 10")]
    [InlineData("a 1\n# a comment that goes on and on and on and on and on and on and on and on and on and on and on and on and on\n", 2, "larger than 100 bytes")]
    public void Limits_end_the_reading(string text, int line, string reason)
    {
        var limits = new ExpositionLimits { Samples = 2, Labels = 2, ValueBytes = 10, NameBytes = 10, Bytes = 100 };
        var refused = Assert.Throws<ExpositionRefused>(() => ExpositionParser.Parse(Encoding.UTF8.GetBytes(text), ExpositionFormat.PrometheusText, limits));
        Assert.Equal(line, refused.Line);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused_as_soon_as_it_is_larger_than_the_limit()
    {
        var parser = new ExpositionParser(ExpositionFormat.PrometheusText, new ExpositionLimits { Bytes = 1000 });
        Assert.Throws<ExpositionRefused>(() => parser.Feed(new byte[1002]));
    }

    [Fact]
    public void Labels_of_earlier_pages_are_remembered_but_not_for_ever()
    {
        var cache = new SeriesCache();
        var first = ExpositionParser.Parse("a{b=\"1\"} 1\n"u8, ExpositionFormat.PrometheusText, series: cache).Samples[0].Series;
        var second = ExpositionParser.Parse("a{b=\"1\"} 2\n"u8, ExpositionFormat.PrometheusText, series: cache).Samples[0].Series;
        Assert.Same(first, second);
        for (var page = 0; page < 50; page++)
        {
            var text = string.Concat(Enumerable.Range(0, 500).Select(i => $"a{{b=\"{page}-{i}\"}} 1\n"));
            ExpositionParser.Parse(Encoding.UTF8.GetBytes(text), ExpositionFormat.PrometheusText, series: cache);
        }
        Assert.InRange(cache.Count, 1, 3000);
    }

    private static ExpositionPage Parse(string text) => ExpositionParser.Parse(Encoding.UTF8.GetBytes(text), ExpositionFormat.PrometheusText);
}
