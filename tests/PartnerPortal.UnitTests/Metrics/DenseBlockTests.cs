using CsCheck;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>Merged blocks lean columns on one another; each value still comes back bit for bit, alone or with others.</summary>
public sealed class DenseBlockTests
{
    private static readonly Gen<double> _special = OneOf(
        0, -0d, 1, -1, double.NaN, Samples.OrdinaryNaN, Samples.Stale, BitConverter.UInt64BitsToDouble(0xfff8dead0000beef), double.PositiveInfinity, double.NegativeInfinity,
        double.Epsilon, -double.Epsilon, 2.2250738585072011e-308, double.MaxValue, double.MinValue, 1L << 52, (1L << 52) - 1, 1L << 53, -(1L << 53), 1e15, 1e-9, 0.1, 1 / 3d, 4503599627370495.5);

    private static readonly Gen<double[]> _column = Gen.OneOf(
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Array[300],
        _special.Array[300],
        Gen.Select(_special, Gen.Int[0, 299]).Select((odd, at) => Enumerable.Range(0, 300).Select(i => i == at ? odd : i * 4096d).ToArray()),
        Gen.Int[-5, 5].Select(i => (double)i).Array[300],
        Gen.Long[-(1L << 53), 1L << 53].Select(i => (double)i).Array[300],
        Gen.Int[0, 1_000_000].Select(i => i / 1000d).Array[300],
        Gen.Int[0, 1_000_000_000].Select(i => i / 1e9).Array[300],
        Gen.Int[0, 3].Array[300].Select(Growing),
        Gen.Double[0, 1].Array[300].Select(Growing),
        Gen.Int[0, 90].Array[300].Select(v => v.Select(x => x * 512d).ToArray()));

    [Fact]
    public void Columns_of_every_kind_come_back_from_a_merged_block() =>
        Gen.Select(_column.Array[1, 6], Gen.Int[1, 300], Gen.Int[0, 4]).Sample((columns, size, absent) =>
        {
            var rows = Rows(columns, (series, row) => absent == 0 || (row / 7 + series) % 11 >= absent);
            AssertSame(rows, Merge(rows, size));
        }, iter: 300);

    [Fact]
    public void Histograms_come_back_whether_their_buckets_are_read_one_by_one_or_together() =>
        Gen.Select(Gen.Int[0, 9].Array[200], Gen.Int[1, 12], Gen.Int[1, 90]).Sample((draws, buckets, reset) =>
        {
            var columns = Enumerable.Range(0, buckets + 2).Select(_ => new double[draws.Length]).ToArray();
            for (var i = 1; i < draws.Length; i++)
            {
                foreach (var column in columns)
                    column[i] = i % reset == 0 ? 0 : column[i - 1];
                for (var b = draws[i] % buckets; b < buckets && draws[i] > 2; b++)
                    columns[b][i]++;
                columns[buckets][i] += draws[i] > 2 ? draws[i] * 0.123456789 : 0;
                columns[buckets + 1][i] = columns[buckets - 1][i];
            }
            var rows = Rows(columns, (_, _) => true);
            var block = Merge(rows, 60);
            AssertSame(rows, block);
            var index = BlockIndex.Read(block.Index);
            foreach (var id in index.Series)
            {
                var (offset, length) = index.Find(id)!.Value;
                Assert.Equal(columns[id - 1], index.Column(block.Data.AsSpan(offset, length)));
            }
        }, iter: 200);

    [Fact]
    public void The_buckets_of_a_histogram_are_one_piece()
    {
        var random = new Random(3);
        var columns = Enumerable.Range(0, 17).Select(_ => new double[480]).ToArray();
        for (var i = 1; i < 480; i++)
        {
            for (var b = 0; b < 17; b++)
                columns[b][i] = columns[b][i - 1];
            for (var (n, b) = (random.Next(0, 9), random.Next(0, 15)); b < 17 && n > 0; b++)
                columns[b][i] += b == 15 ? n * 0.25 : n;
        }
        var block = Merge(Rows(columns, (_, _) => true), 480);
        var index = BlockIndex.Read(block.Index);
        var pieces = index.Pieces(Enumerable.Range(1, 15));
        Assert.Equal(15, Assert.Single(pieces).Series.Count);
        Assert.Empty(index.Pieces([99]));
        Assert.True(index.OwnLength(17) > index.OwnLength(15), "the largest bucket says nothing new beside the count");
    }

    [Fact]
    public void Real_pages_come_back_bit_for_bit()
    {
        var folder = RealData.Folder("exposition");
        Assert.SkipWhen(folder is null, RealData.Missing);
        foreach (var path in Directory.GetFiles(folder!, "*.prom.txt"))
        {
            var values = ExpositionParser.Parse(File.ReadAllBytes(path), ExpositionFormat.PrometheusText).Values;
            var ids = Enumerable.Range(1, values.Length).ToArray();
            var rows = Enumerable.Range(0, 50).Select(i => new ScrapeRow(i * 15_000L, ids, [.. values.Select(v => v + v * 0.001 * (i / 3))])).ToList();
            AssertSame(rows, Merge(rows, 20));
        }
    }

    [Fact]
    public void Damaged_dense_blocks_are_refused_or_give_other_values_but_never_crash() =>
        Gen.Select(_column.Array[1, 4], Gen.Int[0, 100_000], Gen.Byte, Gen.Bool).Sample((columns, at, with, inIndex) =>
        {
            var block = Merge(Rows(columns, (_, _) => true), 150);
            var target = inIndex ? block.Index : block.Data;
            target[at % target.Length] = with;
            try
            {
                block.Rows();
            }
            catch (Exception damage) when (damage is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
            {
                Assert.NotEmpty(damage.Message);
            }
        }, iter: 300);

    private static SealedBlock Merge(List<ScrapeRow> rows, int size) => SealedBlock.Merge(rows.Chunk(size).Select(r => SealedBlock.Of(r)).ToList());

    private static List<ScrapeRow> Rows(double[][] columns, Func<int, int, bool> present) => Enumerable.Range(0, columns[0].Length).Select(row =>
    {
        var ids = Enumerable.Range(0, columns.Length).Where(s => present(s, row) && !Samples.IsStale(columns[s][row])).ToArray();
        return new ScrapeRow(1_000 + row * 15_000L, [.. ids.Select(s => s + 1)], [.. ids.Select(s => columns[s][row])]);
    }).ToList();

    private static void AssertSame(List<ScrapeRow> rows, SealedBlock block)
    {
        var back = block.Rows();
        Assert.Equal(rows.Count, back.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.Equal((rows[i].Time, string.Join(',', rows[i].Series)), (back[i].Time, string.Join(',', back[i].Series)));
            Assert.Equal(rows[i].Values.Select(BitConverter.DoubleToUInt64Bits), back[i].Values.Select(BitConverter.DoubleToUInt64Bits));
        }
    }

    private static Gen<double> OneOf(params double[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static double[] Growing(int[] steps) => Growing([.. steps.Select(s => (double)s)]);

    private static double[] Growing(double[] steps)
    {
        double sum = 0;
        return [.. steps.Select(s => sum += s)];
    }
}
