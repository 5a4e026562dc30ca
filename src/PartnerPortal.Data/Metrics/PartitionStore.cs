using Npgsql;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Data.Metrics;

/// <summary>A table of samples whose partitions each hold a stretch of time.</summary>
/// <param name="Name">Its name in the schema metrics.</param>
/// <param name="Key">The column with the time of a row, milliseconds since 1970.</param>
/// <param name="Width">How much time one partition holds; partitions begin at multiples of it since 1970.</param>
public sealed record PartitionedTable(string Name, string Key, TimeSpan Width)
{
    /// <summary>The log of scrapes.</summary>
    public static readonly PartitionedTable Scrapes = new("scrapes", "at", SealStore.LongestWindow);

    /// <summary>The log of pushed samples.</summary>
    public static readonly PartitionedTable Pushes = new("pushes", "at", SealStore.LongestWindow);

    /// <summary>Sealed blocks.</summary>
    public static readonly PartitionedTable Blocks = new("blocks", "from_at", TimeSpan.FromDays(1));

    /// <summary>Rollups of five minutes.</summary>
    public static readonly PartitionedTable FiveMinutes = new("rollups_5m", "from_at", TimeSpan.FromDays(10));

    /// <summary>Rollups of an hour.</summary>
    public static readonly PartitionedTable Hours = new("rollups_1h", "from_at", TimeSpan.FromDays(100));

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<PartitionedTable> All = [Scrapes, Pushes, Blocks, FiveMinutes, Hours];

    internal long Milliseconds => (long)Width.TotalMilliseconds;

    /// <summary>Where the partition begins that holds an instant.</summary>
    public long StartOf(long at) => Math.DivRem(at, Milliseconds).Quotient * Milliseconds;
}

/// <summary>Partitions come before they are needed and go whole. Each step is one transaction, so a kill between or within them does no harm.</summary>
public sealed class PartitionStore(NpgsqlDataSource database)
{
    /// <summary>
    /// Makes the partitions of now and next, and those that rows in the rest wait for (after a restored backup, or when the portal
    /// was away). Returns how many were made.
    /// </summary>
    public async Task<int> PrepareAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var made = 0;
        foreach (var table in PartitionedTable.All)
        {
            var first = table.StartOf(now.ToUnixTimeMilliseconds());
            List<long> wanted = [first, first + table.Milliseconds, .. await WaitingAsync(table, cancel)];
            foreach (var start in wanted.Distinct())
            {
                made += await MakeAsync(table, start, cancel) ? 1 : 0;
            }
        }

        return made;
    }

    /// <summary>Where the partitions of a table begin, rising.</summary>
    public async Task<IReadOnlyList<long>> StartsAsync(PartitionedTable table, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT substring(c.relname FROM length($1) + 2)::bigint * $2 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = ('metrics.' || $1)::regclass AND c.relname <> $1 || '_rest' ORDER BY 1
            """);
        command.Parameters.Add(new() { Value = table.Name });
        command.Parameters.Add(new() { Value = table.Milliseconds });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<long> starts = [];
        while (await reader.ReadAsync(cancel))
        {
            starts.Add(reader.GetInt64(0));
        }

        return starts;
    }

    /// <summary>Drops the partitions whose last instant is before a moment, and rows of the rest that are as old. Returns how many partitions went.</summary>
    public async Task<int> DropBeforeAsync(PartitionedTable table, DateTimeOffset before, CancellationToken cancel)
    {
        var at = before.ToUnixTimeMilliseconds();
        var old = (await StartsAsync(table, cancel)).Where(start => start + table.Milliseconds <= at).ToList();
        foreach (var start in old)
        {
            await DropAsync(table, start, null, cancel);
        }

        await using var rest = database.CreateCommand($"DELETE FROM metrics.{table.Name}_rest WHERE {table.Key} < $1");
        rest.Parameters.Add(new() { Value = table.StartOf(at) });
        await rest.ExecuteNonQueryAsync(cancel);
        return old.Count;
    }

    /// <summary>Drops the partitions of a log of which every row stands in a sealed block. Returns how many went.</summary>
    public async Task<int> DropSealedAsync(PartitionedTable log, DateTimeOffset now, CancellationToken cancel)
    {
        var dropped = 0;
        foreach (var start in await StartsAsync(log, cancel))
        {
            if (start + log.Milliseconds <= now.ToUnixTimeMilliseconds())
            {
                dropped += await DropAsync(log, start, Unsealed, cancel) ? 1 : 0;
            }
        }

        return dropped;
    }

    // Per source one look into the index of the partition; rows of sources that are gone do not count.
    private static string Unsealed(string partition) =>
        $"""
        SELECT EXISTS (SELECT FROM (SELECT id FROM metrics.sources UNION ALL SELECT id FROM metrics.writers) s
            LEFT JOIN metrics.sealed m ON m.source_id = s.id
            WHERE EXISTS (SELECT FROM {partition} r WHERE r.source_id = s.id AND r.at > coalesce(m.sealed_to, -1)))
        """;

    private async Task<IReadOnlyList<long>> WaitingAsync(PartitionedTable table, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"SELECT DISTINCT {table.Key} / $1 * $1 FROM metrics.{table.Name}_rest WHERE {table.Key} >= 0 LIMIT 2000");
        command.Parameters.Add(new() { Value = table.Milliseconds });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<long> starts = [];
        while (await reader.ReadAsync(cancel))
        {
            starts.Add(reader.GetInt64(0));
        }

        return starts;
    }

    private async Task<bool> MakeAsync(PartitionedTable table, long start, CancellationToken cancel)
    {
        await using var known = database.CreateCommand("SELECT to_regclass($1) IS NOT NULL");
        known.Parameters.Add(new() { Value = $"metrics.{table.Name}_{start / table.Milliseconds}" });
        if (await known.ExecuteScalarAsync(cancel) is true)
        {
            return false;
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The whole table is locked, not only what attaching locks: a reader that was planned before, and waits for the rest until this is
        // committed, would see the moved rows in neither place; were it the sealer, they would be lost.
        await ExecuteAsync(connection, $"SET LOCAL lock_timeout = '5s'; LOCK TABLE metrics.{table.Name}, metrics.{table.Name}_rest IN ACCESS EXCLUSIVE MODE", cancel);
        await using var make = new NpgsqlCommand("SELECT metrics.partition($1, $2, $3, $4)", connection, transaction);
        make.Parameters.Add(new() { Value = table.Name });
        make.Parameters.Add(new() { Value = table.Key });
        make.Parameters.Add(new() { Value = start });
        make.Parameters.Add(new() { Value = table.Milliseconds });
        var made = await make.ExecuteScalarAsync(cancel) is true;
        await transaction.CommitAsync(cancel);
        return made;
    }

    private async Task<bool> DropAsync(PartitionedTable table, long start, Func<string, string>? unless, CancellationToken cancel)
    {
        var partition = DatabaseShape.Quoted("metrics", $"{table.Name}_{start / table.Milliseconds}");
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // A backup may read this table for minutes; rather than make every writer wait behind us, we come again.
        await ExecuteAsync(connection, $"SET LOCAL lock_timeout = '2s'; LOCK TABLE metrics.{table.Name}, {partition} IN ACCESS EXCLUSIVE MODE", cancel);
        if (unless is not null)
        {
            await using var ask = new NpgsqlCommand(unless(partition), connection, transaction);
            if (await ask.ExecuteScalarAsync(cancel) is true)
            {
                return false;
            }
        }

        await ExecuteAsync(connection, $"DROP TABLE {partition}", cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private static Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel) => DatabaseShape.ExecuteAsync(connection, sql, cancel);
}
