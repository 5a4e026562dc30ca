using System.Globalization;
using System.Text;
using CsCheck;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>A page that is read by the places of its values gives exactly what reading it line by line gives, refusals included.</summary>
public sealed class ExpositionLayoutTests
{
    private static readonly string[] _numbers =
        ["0", "-0", "1", "17", "42.5", "-3.25", "0.1", "1e5", "1.5e-7", "+Inf", "-Inf", "NaN", "9007199254740993", "123456789012345678", "0.30000000000000004", "1.", ".5", "", "x", "1 1700000000", "1\r", "1 # {a=\"b\"} 2", "4.9406564584124654e-324"];

    [Fact]
    public void Pages_with_other_values_are_read_alike_by_place_and_line_by_line() =>
        Gen.Select(Gen.Int[1, 12].SelectMany(lines => Gen.Int[0, 9].Array[lines, lines * 4]), Gen.Enum<ExpositionFormat>(), Gen.Int[0, _numbers.Length - 1].Array[60])
            .Sample((values, format, others) =>
            {
                var width = Math.Max(1, values.Length / 3);
                var cache = new SeriesCache();
                Same(Page(values, width, format, i => values[i].ToString(CultureInfo.InvariantCulture)), format, cache);
                Same(Page(values, width, format, i => _numbers[others[i % 60] % 13]), format, cache);
                Same(Page(values, width, format, i => _numbers[others[(i + 7) % 60]]), format, cache);
                Same(Page(values, width, format, i => values[i].ToString(CultureInfo.InvariantCulture)), format, cache);
            });

    [Fact]
    public void Damaged_captures_of_real_services_are_read_alike()
    {
        var folder = RealData.Folder("exposition");
        Assert.SkipWhen(folder is null, RealData.Missing);
        var pages = Directory.GetFiles(folder!, "*.txt", SearchOption.AllDirectories).Where(p => new FileInfo(p).Length is > 0 and < 60_000).Order().Select(File.ReadAllBytes).ToList();
        Assert.True(pages.Count >= 20, $"only {pages.Count} pages");
        Gen.Select(Gen.Int[0, pages.Count - 1], Gen.Enum<ExpositionFormat>(), Gen.Select(Gen.Int[0, 60_000], Gen.Byte, Gen.Int[0, 3]).Array[0, 3]).Sample(
            (which, format, damage) =>
            {
                var cache = new SeriesCache();
                Same(pages[which], format, cache);
                var changed = pages[which].ToList();
                foreach (var (at, with, how) in damage)
                {
                    // Mostly digits: they stay within the layout.
                    var place = at % changed.Count;
                    if (how == 0)
                        changed.RemoveAt(place);
                    else if (how == 1)
                        changed.Insert(place, with);
                    else if (changed.FindIndex(place, b => char.IsAsciiDigit((char)b)) is >= 0 and var digit)
                        changed[digit] = (byte)('0' + with % 10);
                    if (changed.Count == 0)
                        return;
                }
                Same([.. changed], format, cache);
                Same(pages[which], format, cache);
            }, iter: 300);
    }

    [Fact]
    public void Real_pages_keep_their_series_array_while_only_values_change()
    {
        var folder = RealData.Folder("exposition");
        Assert.SkipWhen(folder is null, RealData.Missing);
        var page = File.ReadAllText(Path.Combine(folder!, "node-exporter.prom.txt"));
        var cache = new SeriesCache();
        var first = ExpositionParser.Parse(Encoding.UTF8.GetBytes(page), ExpositionFormat.PrometheusText, series: cache);
        var later = ExpositionParser.Parse(Encoding.UTF8.GetBytes(page.Replace(" 1\n", " 12345.678\n", StringComparison.Ordinal)), ExpositionFormat.PrometheusText, series: cache);
        Assert.Same(first.Series, later.Series);
        Assert.Same(first.Families, later.Families);
        Assert.Contains(12345.678, later.Values);
        Assert.Equal(first.Lines, later.Lines);
    }

    [Fact]
    public void A_page_that_is_read_by_place_may_arrive_in_any_pieces()
    {
        var text = "# TYPE a counter\na{b=\"1\"} 10\na{b=\"2\"} 2.5e3\n\n# a remark\nc 3 \nd 0.25\n"u8.ToArray();
        for (var size = 1; size <= text.Length; size++)
        {
            var cache = new SeriesCache();
            ExpositionParser.Parse(text, ExpositionFormat.PrometheusText, series: cache);
            var page = InPieces(text, size, cache);
            Assert.Equal([10, 2500, 3, 0.25], page.Values);
            Assert.Equal(text.Length, page.Bytes);
        }
    }

    [Fact]
    public void A_value_that_a_type_forbids_is_refused_with_its_line_also_on_a_known_page()
    {
        var cache = new SeriesCache();
        ExpositionParser.Parse("# TYPE a counter\na_total 1\n# EOF\n"u8, ExpositionFormat.OpenMetrics, series: cache);
        var refused = Assert.Throws<ExpositionRefused>(() => ExpositionParser.Parse("# TYPE a counter\na_total -1\n# EOF\n"u8, ExpositionFormat.OpenMetrics, series: cache));
        Assert.Equal(2, refused.Line);
    }

    [Fact]
    public void A_known_page_is_held_to_other_limits_when_they_change()
    {
        var cache = new SeriesCache();
        ExpositionParser.Parse("a 1\nb 2\n"u8, ExpositionFormat.PrometheusText, series: cache);
        Assert.Throws<ExpositionRefused>(() => ExpositionParser.Parse("a 1\nb 2\n"u8, ExpositionFormat.PrometheusText, new ExpositionLimits { Samples = 1 }, cache));
        ExpositionParser.Parse("a 1\n"u8, ExpositionFormat.PrometheusText, new ExpositionLimits { Bytes = 10 }, cache);
        Assert.Throws<ExpositionRefused>(() => ExpositionParser.Parse("a 1.00000000000\n"u8, ExpositionFormat.PrometheusText, new ExpositionLimits { Bytes = 10 }, cache));
    }

    [Fact]
    public void Exemplars_and_stamps_of_the_last_page_are_kept_beside_the_values()
    {
        var page = ExpositionParser.Parse(
            "# TYPE a histogram\na_bucket{le=\"1\"} 3 1700000000.5 # {trace_id=\"abc\"} 0.5 1700000000.25\na_bucket{le=\"+Inf\"} 4 1700000001 # {} 7\na_count 4\na_sum 9\n# EOF\n"u8,
            ExpositionFormat.OpenMetrics);
        Assert.Equal([1700000000500, 1700000001000, ExpositionPage.NoStamp, ExpositionPage.NoStamp], page.Stamps!);
        Assert.Equal(1700000001000, page.NewestStamp);
        Assert.Equal(("abc", 0.5, 1700000000250L), (page.Exemplars[0].Labels["trace_id"], page.Exemplars[0].Value, page.Exemplars[0].Time));
        Assert.Same(page.Series[1], page.Exemplars[1].Series);
        Assert.Null(page.Exemplars[1].Time);
    }

    private static void Same(byte[] page, ExpositionFormat format, SeriesCache cache) =>
        Assert.Equal(Outcome(page, format, new SeriesCache()), Outcome(page, format, cache));

    /// <summary>Everything that a reader of a page can see, as text.</summary>
    private static string Outcome(byte[] page, ExpositionFormat format, SeriesCache cache)
    {
        try
        {
            var read = ExpositionParser.Parse(page, format, series: cache);
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{read.Lines} {read.Bytes} {read.Duplicates} {read.Exemplars.Count}\n");
            foreach (var sample in read.Samples)
                text.Append(CultureInfo.InvariantCulture, $"{sample.Series.Labels} {BitConverter.DoubleToUInt64Bits(sample.Value):x} {sample.Time}\n");
            foreach (var family in read.Families.Values)
                text.Append(family).Append('\n');
            return text.ToString();
        }
        catch (ExpositionRefused refused)
        {
            return refused.Message;
        }
    }

    private static byte[] Page(int[] names, int width, ExpositionFormat format, Func<int, string> value)
    {
        var text = new StringBuilder();
        var open = format == ExpositionFormat.OpenMetrics;
        for (var i = 0; i < names.Length; i++)
        {
            if (i % width == 0)
                text.Append(CultureInfo.InvariantCulture, $"# TYPE m{i / width} {(i / width % 2 == 0 ? "gauge" : "counter")}\n");
            text.Append(CultureInfo.InvariantCulture, $"m{i / width}{(i / width % 2 == 1 && open ? "_total" : "")}{{n=\"{names[i]}\",i=\"{(names[i] > 7 ? 0 : i)}\"}} {value(i)}\n");
        }
        return Encoding.UTF8.GetBytes(text.Append(open ? "# EOF\n" : "").ToString());
    }

    private static ExpositionPage InPieces(byte[] text, int size, SeriesCache cache)
    {
        var parser = new ExpositionParser(ExpositionFormat.PrometheusText, series: cache);
        var consumed = 0;
        for (var end = Math.Min(size, text.Length); ; end = Math.Min(end + size, text.Length))
        {
            consumed += parser.Feed(text.AsSpan(consumed, end - consumed));
            if (end == text.Length)
                return parser.Finish(text.AsSpan(consumed));
        }
    }
}
