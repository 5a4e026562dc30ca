using System.Text;
using CsCheck;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.RemoteWrite;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>Requests of remote write, written here by hand from the protobuf and snappy specifications.</summary>
public sealed class RemoteWriteTests
{
    private static readonly LabelSet Orders = LabelSet.Of(("__name__", "orders_total"), ("shop", "Åland 🎵"));

    [Fact]
    public void Series_samples_and_descriptions_are_read_as_they_were_sent()
    {
        var read = Read(
            Series([("__name__", "orders_total"), ("shop", "Åland 🎵")], (1_700_000_000_123, 4), (1_700_000_000_122, -0.0)),
            Field(3, [.. Number(1, 1), .. Text(2, "orders_total"), .. Text(4, "Orders.\nAll."), .. Text(5, "orders")]));
        Assert.Equal(Orders, read.Series.Single().Labels);
        Assert.Equal([(1_700_000_000_123, 4), (1_700_000_000_122, -0.0)], read.Series.Single().Samples.Select(s => (s.Time, s.Value)));
        Assert.Equal([new MetricFamily("orders_total", MetricType.Counter, "Orders.\nAll.", "orders")], read.Families);
    }

    [Fact]
    public void End_markers_and_other_nans_keep_their_bits()
    {
        var read = Read(Series([("__name__", "a")], (1, Samples.Stale), (2, Samples.OrdinaryNaN), (3, double.NegativeInfinity)));
        Assert.Equal(
            new[] { Samples.Stale, Samples.OrdinaryNaN, double.NegativeInfinity }.Select(BitConverter.DoubleToUInt64Bits),
            read.Series[0].Samples.Select(s => BitConverter.DoubleToUInt64Bits(s.Value)));
    }

    [Fact]
    public void Defaults_that_are_left_out_unknown_fields_and_negative_times_are_understood()
    {
        byte[] series = [.. Label("__name__", "a"), .. Field(2, []), .. Field(2, [.. Number(2, unchecked((ulong)-5L))]), .. Field(3, [1, 2]), .. Field(99, [7]), .. Field(4, [8, 1])];
        var read = Read(Field(1, series), Field(77, [1]), Number(78, 5));
        Assert.Equal([(0L, 0d), (-5L, 0d)], read.Series.Single().Samples.Select(s => (s.Time, s.Value)));
        Assert.Equal(1, read.Histograms);
    }

    [Fact]
    public void An_empty_label_is_no_label_and_a_series_without_samples_is_none()
    {
        var read = Read(Series([("__name__", "a"), ("gone", "")], (1, 1)), Series([("__name__", "b")]));
        Assert.Equal([LabelSet.Of(("__name__", "a"))], read.Series.Select(s => s.Labels));
    }

    [Theory]
    [InlineData("", "x", "“” is not a label's name.")]
    [InlineData("a-b", "x", "“a-b” is not a label's name.")]
    [InlineData("__name__", "1x", "“1x” is not a metric's name.")]
    [InlineData("job", "x", "has no name")]
    public void Series_that_prometheus_could_not_hold_are_refused_with_the_reason(string label, string value, string reason) =>
        Assert.Contains(reason, Refused(Snappy(Series([(label, value)], (1, 1)))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_label_that_stands_twice_and_text_that_is_not_utf8_are_refused()
    {
        Assert.Contains("twice", Refused(Snappy(Series([("__name__", "a"), ("x", "1"), ("x", "2")], (1, 1)))).Message, StringComparison.Ordinal);
        byte[] label = [.. Text(1, "__name__"), .. Field(2, [0xff])];
        Assert.Contains("not UTF-8", Refused(Snappy(Field(1, Field(1, label)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_limit_refuses_before_it_is_passed()
    {
        var small = new WriteLimits { PackedBytes = 400, Bytes = 300, Series = 2, Samples = 3, Families = 1, Labels = 2, NameBytes = 10, ValueBytes = 10 };
        byte[][] tooMuch =
        [
            new byte[500],
            Snappy(Field(50, new byte[310])),
            Snappy(Series([("__name__", "a")], (1, 1)), Series([("__name__", "b")], (1, 1)), Series([("__name__", "c")], (1, 1))),
            Snappy(Series([("__name__", "a")], (1, 1), (2, 1), (3, 1), (4, 1))),
            Snappy(Field(3, Text(2, "a")), Field(3, Text(2, "b"))),
        ];
        Assert.All(tooMuch, body => Assert.True(Refused(body, small).TooLarge));
        byte[][] tooLong =
        [
            Snappy(Series([("__name__", "a"), ("b", "1"), ("c", "1")], (1, 1))),
            Snappy(Series([("__name__", "a"), ("a_long_name", "1")], (1, 1))),
            Snappy(Series([("__name__", "a"), ("b", "eleven long")], (1, 1))),
        ];
        Assert.All(tooLong, body => Assert.False(Refused(body, small).TooLarge));
    }

    [Fact]
    public void A_few_bytes_that_promise_gigabytes_are_refused_without_taking_the_memory()
    {
        byte[] bomb = [0x80, 0x80, 0x80, 0x08, 0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Refused(bomb);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_with_a_sentence() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        foreach (var body in new[] { bytes, Snappy(bytes), Snappy(Field(1, bytes)), Snappy(Field(1, Field(1, bytes))), Snappy(Field(3, bytes)) })
        {
            try
            {
                _ = WriteRequest.Read(body, WriteLimits.Default);
            }
            catch (WriteRefused refused)
            {
                Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
            }
        }
    });

    [Fact]
    public void What_is_written_is_read_again_bit_for_bit() => Gen.Select(Gen.Double, Gen.Long).Array[0, 20].Array[0, 5].Sample(columns =>
    {
        var sent = new WriteRequest(
            [.. columns.Where(c => c.Length > 0).Select((c, n) => new SeriesSamples(Orders.With("n", $"{n}"), [.. c.Select(s => new Sample(s.Item2, s.Item1))]))],
            [new("orders_total", MetricType.StateSet, "ü", "s")]);
        var read = WriteRequest.Read(sent.Write(), WriteLimits.Default);
        Assert.Equal(sent.Families, read.Families);
        Assert.Equal(sent.Series.Select(s => s.Labels), read.Series.Select(s => s.Labels));
        Assert.Equal(Bits(sent), Bits(read));
    });

    private static IEnumerable<(long, ulong)> Bits(WriteRequest request) => request.Series.SelectMany(s => s.Samples).Select(s => (s.Time, BitConverter.DoubleToUInt64Bits(s.Value)));

    private static WriteRequest Read(params byte[][] fields) => WriteRequest.Read(Snappy(fields), WriteLimits.Default);

    private static WriteRefused Refused(byte[] body, WriteLimits? limits = null) => Assert.Throws<WriteRefused>(() => WriteRequest.Read(body, limits ?? WriteLimits.Default));

    private static byte[] Series((string Name, string Value)[] labels, params (long Time, double Value)[] samples) => Field(1,
    [
        .. labels.SelectMany(l => Label(l.Name, l.Value)),
        .. samples.SelectMany(s => Field(2, [(1 << 3) | 1, .. BitConverter.GetBytes(s.Value), .. Number(2, unchecked((ulong)s.Time))])),
    ]);

    private static byte[] Label(string name, string value) => Field(1, [.. Text(1, name), .. Text(2, value)]);

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] bytes) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Number(int field, ulong value) => [.. Varint((ulong)(field << 3)), .. Varint(value)];

    private static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    /// <summary>The length, then literals of at most 60 bytes.</summary>
    private static byte[] Snappy(params byte[][] fields)
    {
        byte[] all = [.. fields.SelectMany(f => f)];
        return [.. Varint((ulong)all.Length), .. all.Chunk(60).SelectMany(c => (byte[])[(byte)((c.Length - 1) << 2), .. c])];
    }
}
