using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>What the database's own catalogue says about the portal's tables, read inside the caller's transaction.</summary>
internal static class DatabaseShape
{
    private const string Schema = "portal";
    private const string History = "migrations";

    /// <summary>The schemas that belong to the portal. Others in the same database belong to somebody else and are never touched.</summary>
    public static string[] Schemas()
    {
        using var db = new PortalContext(ContextOptions.Standalone("Host=localhost;Database=design"));
        return [.. db.Model.GetEntityTypes().Select(e => e.GetSchema()).OfType<string>().Append(Schema).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Every table with its columns that can be written; generated ones are made again on restore.</summary>
    public static Task<List<(string Schema, string Name, string[] Columns)>> TablesAsync(NpgsqlConnection connection, CancellationToken cancel) => ReadAsync(connection,
        """
        SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND (n.nspname, c.relname) <> ($2, $3)
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        GROUP BY n.nspname, c.relname
        ORDER BY n.nspname, c.relname
        """,
        r => (r.GetString(0), r.GetString(1), r.GetFieldValue<string[]>(2)), cancel, Schemas(), Schema, History);

    public static Task<List<(string Schema, string Name)>> SequencesAsync(NpgsqlConnection connection, CancellationToken cancel) => ReadAsync(connection,
        """
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY ($1) AND c.relkind = 'S' ORDER BY 1, 2
        """,
        r => (r.GetString(0), r.GetString(1)), cancel, (object)Schemas());

    public static Task<List<(string Table, string Name, string Definition)>> ForeignKeysAsync(NpgsqlConnection connection, CancellationToken cancel) => ReadAsync(connection,
        """
        SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND conparentid = 0 AND connamespace::regnamespace::text = ANY (SELECT quote_ident(s) FROM unnest($1::text[]) s)
        """,
        r => (r.GetString(0), r.GetString(1), r.GetString(2)), cancel, (object)Schemas());

    /// <summary>The migrations that were applied, oldest first; empty for a database without the portal's schema.</summary>
    public static async Task<List<string>> MigrationsAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        (await ReadAsync(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename = $2", r => r.GetInt64(0), cancel, Schema, History))[0] == 0
            ? []
            : await ReadAsync(connection, $"SELECT migration_id FROM {Schema}.{History} ORDER BY 1", r => r.GetString(0), cancel);

    public static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancel, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>A name as SQL takes it.</summary>
    public static string Quoted(params string[] names) => string.Join('.', names.Select(n => '"' + n.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'));
}
