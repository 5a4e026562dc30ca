using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>Labels of many series as few bytes.</summary>
public sealed class PackedLabelsTests
{
    [Fact]
    public void Labels_come_back_whatever_they_hold()
    {
        LabelSet[] series =
        [
            LabelSet.Of((Label.MetricName, "a_total"), ("path", "C:\\x\n\"é\0\U0001f600"), ("empty", "")),
            LabelSet.Empty,
            LabelSet.Of((Label.MetricName, "b"), ("long", new string('x', 5000))),
        ];
        Assert.Equal(series, PackedLabels.Unpack(PackedLabels.Pack(series)));
        Assert.Empty(PackedLabels.Unpack(PackedLabels.Pack([])));
    }

    [Fact]
    public void A_series_of_a_page_takes_less_than_ten_bytes_instead_of_seventy()
    {
        LabelSet[] page =
        [
            .. from route in Enumerable.Range(0, 20) from le in Enumerable.Range(0, 15)
               select LabelSet.Of((Label.MetricName, "http_server_request_duration_seconds_bucket"), ("instance", "partner.example:443"), ("http_route", $"/v1/orders/{route}"), ("le", $"0.{le:000}")),
        ];
        Assert.InRange(PackedLabels.Pack(page).Length / (double)page.Length, 0.1, 10);
    }

    [Fact]
    public void Equal_texts_are_one_object()
    {
        var read = PackedLabels.Unpack(PackedLabels.Pack([LabelSet.Of((Label.MetricName, "up"), ("zone", "eu")), LabelSet.Of((Label.MetricName, "down"), ("zone", "eu"))]));
        Assert.Same(read[0]["zone"], read[1]["zone"]);
        Assert.Same(read[0]["zone"], PackedLabels.Unpack(PackedLabels.Pack([LabelSet.Of(("zone", "eu"))]))[0]["zone"]);
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        var packed = PackedLabels.Pack([LabelSet.Of((Label.MetricName, "up"), ("zone", "eu"))]);
        Assert.Throws<InvalidDataException>(() => PackedLabels.Unpack([]));
        Assert.Throws<InvalidDataException>(() => PackedLabels.Unpack(packed.AsSpan(0, packed.Length - 1)));
        Assert.Throws<InvalidDataException>(() => PackedLabels.Unpack([9, .. packed[1..]]));
        Assert.Throws<InvalidDataException>(() => PackedLabels.Unpack([packed[0], 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, .. packed[2..]]));
    }

    [Fact]
    public void Texts_that_nobody_asks_for_any_more_are_let_go()
    {
        var texts = new LabelTexts();
        var kept = texts.Of("eu"u8);
        var gone = texts.Of("request-7"u8);
        for (var i = 0; i < LabelTexts.MostRemembered; i++)
        {
            texts.Of(BitConverter.GetBytes(i));
            Assert.Same(kept, texts.Of("eu"u8));
        }

        Assert.Equal(gone, texts.Of("request-7"u8));
        Assert.NotSame(gone, texts.Of("request-7"u8));
    }

    [Theory]
    [InlineData(new int[0], 0)]
    [InlineData(new[] { 1 }, 2)]
    [InlineData(new[] { 5, 6, 7, 8, 9 }, 2)]
    [InlineData(new[] { 1, 3, 4, 900, int.MaxValue }, 13)]
    public void Numbers_come_back_and_runs_take_two_bytes(int[] numbers, int bytes)
    {
        var packed = SeriesNumbers.Pack(numbers);
        Assert.Equal(numbers, SeriesNumbers.Unpack(packed));
        Assert.Equal(bytes, packed.Length);
    }

    [Fact]
    public void Numbers_that_do_not_rise_are_refused_and_so_are_damaged_ones()
    {
        Assert.Throws<ArgumentException>(() => SeriesNumbers.Pack([3, 3]));
        Assert.Throws<ArgumentException>(() => SeriesNumbers.Pack([0]));
        Assert.Throws<InvalidDataException>(() => SeriesNumbers.Unpack([0, 1]));
        Assert.Throws<InvalidDataException>(() => SeriesNumbers.Unpack([5]));
        Assert.Throws<InvalidDataException>(() => SeriesNumbers.Unpack([1, 0]));
    }
}
