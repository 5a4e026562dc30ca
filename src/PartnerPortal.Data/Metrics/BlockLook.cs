using Npgsql;
using NpgsqlTypes;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>What a look at one source or writer wants.</summary>
/// <param name="Source">Which one.</param>
/// <param name="BlocksFrom">Blocks that end at this instant or later, milliseconds since 1970…</param>
/// <param name="BlocksTo">…and begin at this instant or earlier.</param>
/// <param name="LogFrom">Rows of the log from this instant…</param>
/// <param name="LogTo">…to this one, both included.</param>
internal readonly record struct WantedLook(Guid Source, long BlocksFrom, long BlocksTo, long LogFrom, long LogTo);

/// <summary>What stands in the database of one source or writer.</summary>
internal sealed class SeenSource
{
    public bool Pushed { get; set; }

    /// <summary>Up to where the log stands in blocks.</summary>
    public long SealedTo { get; set; } = -1;

    public List<KnownBlock> Blocks { get; } = [];

    /// <summary>Rows that are not sealed: of scrapes in no order, of pushes in order of time and arrival.</summary>
    public List<ScrapeRow> Log { get; } = [];
}

/// <summary>
/// Looks where samples stand: which sealed blocks there are, and what is only in the log. One statement sees one moment, so a
/// window that is sealed meanwhile is seen either as rows or as a block, never as both or none.
/// </summary>
internal sealed class BlockLook(NpgsqlDataSource database)
{
    private const long Day = 24 * 3_600_000;

    private const string Sql =
        """
        WITH wanted AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS g(id, blocks_from, blocks_to, log_from, log_to))
        SELECT 0 AS kind, b.source_id, b.from_at AS at, b.to_at AS until, b.index AS data, NULL::uuid AS part
            FROM metrics.blocks b JOIN wanted w ON w.id = b.source_id AND b.from_at <= w.blocks_to AND b.to_at >= w.blocks_from
            WHERE b.source_id = ANY($1) AND b.from_at BETWEEN $6 AND $7
        UNION ALL
        SELECT 1, s.source_id, s.at, 0, s.data, NULL
            FROM metrics.scrapes s JOIN wanted w ON w.id = s.source_id AND s.at BETWEEN w.log_from AND w.log_to LEFT JOIN metrics.sealed m ON m.source_id = s.source_id
            WHERE s.source_id = ANY($1) AND s.at BETWEEN $8 AND $9 AND s.at > coalesce(m.sealed_to, -1)
        UNION ALL
        SELECT 2, s.source_id, s.at, 0, s.data, s.part
            FROM metrics.pushes s JOIN wanted w ON w.id = s.source_id AND s.at BETWEEN w.log_from AND w.log_to LEFT JOIN metrics.sealed m ON m.source_id = s.source_id
            WHERE s.source_id = ANY($1) AND s.at BETWEEN $8 AND $9 AND s.at > coalesce(m.sealed_to, -1)
        UNION ALL
        SELECT 3, m.source_id, m.sealed_to, 0, NULL, NULL FROM metrics.sealed m WHERE m.source_id = ANY($1)
        UNION ALL
        SELECT 4, w.id, 0, 0, NULL, NULL FROM metrics.writers w WHERE w.id = ANY($1)
        """;

    /// <summary>Looks at several sources at once.</summary>
    public async Task<IReadOnlyDictionary<Guid, SeenSource>> LookAsync(IReadOnlyList<WantedLook> wanted, CancellationToken cancel)
    {
        var seen = wanted.ToDictionary(w => w.Source, _ => new SeenSource());
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Source).ToArray() });
        Add(wanted.Select(w => w.BlocksFrom));
        Add(wanted.Select(w => w.BlocksTo));
        Add(wanted.Select(w => w.LogFrom));
        Add(wanted.Select(w => w.LogTo));
        // A block never reaches over midnight, so partitions further back need not be looked at.
        One(wanted.Min(w => w.BlocksFrom) - Day);
        One(wanted.Max(w => w.BlocksTo));
        One(wanted.Min(w => w.LogFrom));
        One(wanted.Max(w => w.LogTo));
        await command.PrepareAsync(cancel);
        List<(Guid Source, long At, Guid Part, byte[] Data)> pushes = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var one = seen[reader.GetGuid(1)];
            switch (reader.GetInt32(0))
            {
                case 0:
                    one.Blocks.Add(new(reader.GetGuid(1), reader.GetInt64(2), reader.GetInt64(3), BlockIndex.Read(reader.GetFieldValue<byte[]>(4))));
                    break;
                case 1:
                    one.Log.Add(ScrapeRow.Decode(reader.GetInt64(2), reader.GetFieldValue<byte[]>(4)));
                    break;
                case 2:
                    pushes.Add((reader.GetGuid(1), reader.GetInt64(2), reader.GetGuid(5), reader.GetFieldValue<byte[]>(4)));
                    break;
                case 3:
                    one.SealedTo = reader.GetInt64(2);
                    break;
                default:
                    one.Pushed = true;
                    break;
            }
        }

        foreach (var push in pushes.OrderBy(p => p.At).ThenBy(p => p.Part))
        {
            seen[push.Source].Log.Add(ScrapeRow.Decode(push.At, push.Data));
        }

        return seen;

        void Add(IEnumerable<long> values) => command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        void One(long value) => command.Parameters.Add(new() { Value = value });
    }
}
