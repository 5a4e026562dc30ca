using CsCheck;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>Sealed blocks and log rows give back every bit they took.</summary>
public sealed class BlockPropertyTests
{
    private static readonly Gen<double> _anyBits = Gen.ULong.Select(BitConverter.UInt64BitsToDouble);
    private static readonly Gen<double> _special = OneOf(
        0, -0d, 1, double.NaN, Samples.OrdinaryNaN, BitConverter.UInt64BitsToDouble(0xfff8dead0000beef), double.PositiveInfinity,
        double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue, 1L << 53, 1e15, 0.1, 1 / 3d);
    private static readonly Gen<double[]> _values = Gen.OneOf(
        _anyBits.Array[1, 200],
        _special.Array[1, 200],
        Gen.Int[-5, 5].Select(i => (double)i).Array[1, 200],
        Gen.Int[0, 1_000_000].Select(i => i / 1000d).Array[1, 200],
        Gen.Int[0, 50].Array[1, 200].Select(Growing),
        Gen.Select(Gen.Int[0, 50].Array[1, 200].Select(Growing), Gen.Bool.Array[200]).Select((v, absent) => v.Select((x, i) => absent[i] ? Samples.Stale : x).ToArray()),
        Gen.Double[0, 1].Array[1, 200]);

    [Fact]
    public void Columns_of_values_come_back_bit_for_bit() => _values.Sample(values =>
    {
        var writer = new BitWriter();
        ValueColumn.Write(writer, values);
        var back = new double[values.Length];
        var reader = new BitReader(writer.Written);
        ValueColumn.Read(ref reader, back);
        return Same(values, back) && reader.BytesRead == writer.Length;
    });

    [Fact]
    public void Columns_of_instants_come_back_whatever_their_order() => Gen.OneOf(
        Gen.Long.Array[0, 200],
        Gen.Int[-20, 20].Array[0, 400].Select(jitter => jitter.Select((j, i) => 1_760_000_000_000 + i * 15_000L + j).ToArray())).Sample(times =>
    {
        var writer = new BitWriter();
        TimeColumn.Write(writer, times);
        var back = new long[times.Length];
        var reader = new BitReader(writer.Written);
        TimeColumn.Read(ref reader, back);
        return times.AsSpan().SequenceEqual(back);
    });

    [Fact]
    public void Rows_of_the_log_come_back_bit_for_bit() => _rows.Sample(rows => rows.All(row => Same(row, ScrapeRow.Decode(row.Time, row.Encode()))));

    [Fact]
    public void Rows_that_say_only_what_changed_come_back_bit_for_bit() => _rows.Sample(rows =>
    {
        ScrapeRow? before = null, read = null;
        foreach (var row in rows)
        {
            read = ScrapeRow.Decode(row.Time, row.Encode(before), read);
            Assert.True(Same(row, read));
            before = row;
        }
    });

    [Fact]
    public void A_row_of_small_changes_is_small_and_needs_the_row_before_it()
    {
        var ids = Enumerable.Range(1, 500).ToArray();
        var before = new ScrapeRow(0, ids, [.. ids.Select(i => i * 1000d)]);
        var changed = new ScrapeRow(1, ids, [.. ids.Select(i => i * 1000d + i % 3)]);
        var bytes = changed.Encode(before);
        Assert.InRange(bytes.Length, 300, 400);
        Assert.False(ScrapeRow.StandsAlone(bytes));
        Assert.True(ScrapeRow.StandsAlone(changed.Encode()));
        Assert.Throws<InvalidDataException>(() => ScrapeRow.Decode(1, bytes));
        Assert.Throws<InvalidDataException>(() => ScrapeRow.Decode(1, bytes.AsSpan(0, 60), before));
    }

    [Fact]
    public void Merged_blocks_hold_the_same_rows() => Gen.Select(_rows, Gen.Int[1, 39]).Sample((rows, size) =>
    {
        var parts = rows.Chunk(size).Select(chunk => SealedBlock.Of(chunk)).ToList();
        var back = SealedBlock.Merge(parts).Rows();
        return rows.Length == back.Count && rows.Zip(back).All(pair => Same(pair.First, pair.Second));
    });

    [Fact]
    public void Blocks_that_overlap_are_not_merged()
    {
        var block = SealedBlock.Of([new ScrapeRow(1, [1], [1]), new ScrapeRow(5, [1], [1])]);
        Assert.Throws<ArgumentException>(() => SealedBlock.Merge([block, SealedBlock.Of([new ScrapeRow(4, [1], [1])])]));
        Assert.Throws<ArgumentException>(() => SealedBlock.Merge([]));
    }

    [Fact]
    public void Sealed_blocks_come_back_row_by_row() => _rows.Sample(rows =>
    {
        var back = SealedBlock.Of(rows).Rows();
        return rows.Length == back.Count && rows.Zip(back).All(pair => Same(pair.First, pair.Second));
    });

    [Fact]
    public void One_series_is_read_without_the_others()
    {
        var rows = Enumerable.Range(0, 480).Select(i => new ScrapeRow(i * 15_000L, [1, 5, 900_000], [i, i * 0.25, Math.Sin(i)])).ToList();
        var block = SealedBlock.Of(rows);
        var index = BlockIndex.Read(block.Index);
        var (offset, length) = index.Find(5)!.Value;
        Assert.Equal(rows.Select(r => r.Values[1]), index.Column(block.Data.AsSpan(offset, length)));
        Assert.Null(index.Find(6));
    }

    [Fact]
    public void Counters_and_steady_gauges_cost_little_and_full_precision_costs_what_it_must()
    {
        var random = new Random(7);
        long total = 0;
        var rows = Enumerable.Range(0, 480).Select(i => new ScrapeRow(i * 15_000L, [1, 2, 3], [total += random.Next(0, 8), 42, random.NextDouble()])).ToList();
        var index = BlockIndex.Read(SealedBlock.Of(rows).Index);
        Assert.InRange(index.Find(1)!.Value.Length / 480d, 0.1, 0.6);
        Assert.InRange(index.Find(2)!.Value.Length, 1, 16);
        Assert.InRange(index.Find(3)!.Value.Length / 480d, 5, 8.1);
    }

    [Fact]
    public void Damaged_blocks_are_refused_and_never_read_foreign_memory() => Gen.Select(_rows, Gen.Int[0, 5000], Gen.Byte).Sample((rows, at, with) =>
    {
        var block = SealedBlock.Of(rows);
        var target = at % 2 == 0 ? block.Index : block.Data;
        if (target.Length == 0)
            return;
        target[at % target.Length] = with;
        try
        {
            block.Rows();
        }
        catch (Exception damage) when (damage is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            Assert.NotEmpty(damage.Message);
        }
    });

    private static readonly Gen<ScrapeRow[]> _rows = Gen.Select(Gen.Int[1, 12], Gen.Int[1, 40]).SelectMany((series, count) =>
        Gen.Select(Gen.OneOf(_special, Gen.Int[0, 900].Select(i => (double)i), _anyBits).Array[series * count], Gen.Int[0, 9].Array[series * count])
            .Select((values, absent) => Enumerable.Range(0, count).Select(row =>
            {
                var ids = Enumerable.Range(0, series).Where(s => absent[row * series + s] > 0 && !Samples.IsStale(values[row * series + s])).ToArray();
                return new ScrapeRow(1_000 + row * 15_000L, ids.Select(s => s * 3 + 1).ToArray(), ids.Select(s => values[row * series + s]).ToArray());
            }).ToArray()));

    private static double[] Growing(int[] steps)
    {
        double sum = 0;
        return steps.Select(s => sum += s).ToArray();
    }

    private static bool Same(ScrapeRow a, ScrapeRow b) => a.Time == b.Time && a.Series.AsSpan().SequenceEqual(b.Series) && Same(a.Values, b.Values);

    private static bool Same(double[] a, double[] b) =>
        a.Select(BitConverter.DoubleToUInt64Bits).SequenceEqual(b.Select(BitConverter.DoubleToUInt64Bits));

    private static Gen<double> OneOf(params double[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
