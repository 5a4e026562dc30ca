using PartnerPortal.Benchmarks.Metrics;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>
/// What the synthetic day costs on disk (docs/performance.md). The figures are exact and the same everywhere: who makes them
/// larger must have a reason, who makes them smaller lowers the bound.
/// </summary>
public sealed class BlockSizeTests
{
    private const double DenseBytesPerSample = 0.663;
    private const double PlainBytesPerSample = 1.235;
    private const double LogBytesPerSample = 2.31;
    private const double Slack = 1.02;

    [Fact]
    public void The_synthetic_day_costs_no_more_than_it_did_and_comes_back_bit_for_bit()
    {
        var target = new SyntheticTarget(1);
        var ids = Enumerable.Range(1, target.Count).ToArray();
        var rows = new List<ScrapeRow>(5760);
        for (var i = 0; i < 5760; i++)
        {
            target.Step(15);
            rows.Add(new(1_760_000_000_000 + i * 15_000L + i * 7 % 5, ids, [.. target.Values]));
        }
        var samples = rows.Count * (double)ids.Length;
        var parts = rows.Chunk(480).Select(r => SealedBlock.Of(r)).ToList();
        Assert.InRange(parts.Sum(Bytes) / samples, PlainBytesPerSample * 0.9, PlainBytesPerSample * Slack);
        var day = SealedBlock.Merge(parts);
        Assert.InRange(Bytes(day) / samples, DenseBytesPerSample * 0.9, DenseBytesPerSample * Slack);
        Assert.InRange(rows.Select((r, i) => r.Encode(i % 120 == 0 ? null : rows[i - 1]).Length).Sum() / samples, LogBytesPerSample * 0.9, LogBytesPerSample * Slack);

        var index = BlockIndex.Read(day.Index);
        Assert.Equal(rows.Select(r => r.Time), index.Times);
        foreach (var piece in index.Pieces(ids))
        {
            foreach (var (id, column) in index.Columns(piece, day.Data.AsSpan(piece.Offset, piece.Length)))
                Assert.True(rows.Select((r, i) => BitConverter.DoubleToInt64Bits(r.Values[id - 1]) == BitConverter.DoubleToInt64Bits(column[i])).All(same => same), $"series {id}");
        }
    }

    private static int Bytes(SealedBlock block) => block.Index.Length + block.Data.Length;
}
