using Npgsql;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>The values of one series in one block, at the instants of the block's index.</summary>
internal readonly record struct ReadColumn(KnownBlock Block, int Series, double[] Values);

/// <summary>Columns of sealed blocks: fetched alone, without the rest of the block, and kept decoded for a while, since they never change.</summary>
/// <param name="database">Where the blocks are.</param>
/// <param name="table">Their table.</param>
/// <param name="mark">SQL that tells a block from a later one that begins at the same instant: what <see cref="KnownBlock.To"/> holds.</param>
/// <param name="mostBytes">How much is kept decoded.</param>
internal sealed class BlockColumns(NpgsqlDataSource database, PartitionedTable table, string mark, long mostBytes)
{
    private readonly BoundedCache<(Guid Source, long From, long To, int Series), double[]> _kept = new(mostBytes, values => 8L * values.Length);

    /// <summary>The columns of series in blocks, of those blocks that hold them; null when a block is gone, because its day was merged or is no longer kept.</summary>
    public async Task<List<ReadColumn>?> ReadAsync(IReadOnlyList<KnownBlock> blocks, Func<KnownBlock, IEnumerable<int>> wanted, CancellationToken cancel)
    {
        List<ReadColumn> columns = [];
        List<(KnownBlock Block, BlockPiece Piece)> absent = [];
        foreach (var block in blocks)
        {
            List<int>? missing = null;
            foreach (var id in wanted(block))
            {
                if (_kept.TryGet((block.Source, block.From, block.To, id), out var values))
                {
                    columns.Add(new(block, id, values));
                }
                else if (block.Index.Holds(id))
                {
                    (missing ??= []).Add(id);
                }
            }

            if (missing is not null)
            {
                absent.AddRange(block.Index.Pieces(missing).Select(piece => (block, piece)));
            }
        }

        return absent.Count == 0 || await FetchAsync(absent, columns, cancel) ? columns : null;
    }

    private async Task<bool> FetchAsync(List<(KnownBlock Block, BlockPiece Piece)> absent, List<ReadColumn> columns, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT w.n, substring(b.data FROM w.skip + 1 FOR w.length)
            FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[], $5::int[]) WITH ORDINALITY AS w(source_id, from_at, mark, skip, length, n)
            JOIN metrics.{table.Name} b ON b.source_id = w.source_id AND b.from_at = w.from_at AND b.{mark} = w.mark
            WHERE b.from_at BETWEEN $6 AND $7
            """, connection);
        command.Parameters.Add(new() { Value = absent.Select(a => a.Block.Source).ToArray() });
        command.Parameters.Add(new() { Value = absent.Select(a => a.Block.From).ToArray() });
        command.Parameters.Add(new() { Value = absent.Select(a => a.Block.To).ToArray() });
        command.Parameters.Add(new() { Value = absent.Select(a => a.Piece.Offset).ToArray() });
        command.Parameters.Add(new() { Value = absent.Select(a => a.Piece.Length).ToArray() });
        command.Parameters.Add(new() { Value = absent.Min(a => a.Block.From) });
        command.Parameters.Add(new() { Value = absent.Max(a => a.Block.From) });
        await command.PrepareAsync(cancel);
        var found = 0;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found++;
            var (block, piece) = absent[(int)reader.GetInt64(0) - 1];
            foreach (var (id, values) in block.Index.Columns(piece, reader.GetFieldValue<byte[]>(1)))
            {
                columns.Add(new(block, id, values));
                _kept.Put((block.Source, block.From, block.To, id), values);
            }
        }

        return found == absent.Count;
    }
}
