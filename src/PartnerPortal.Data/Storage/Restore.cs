using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// Puts a backup into a database, all of it or nothing: one transaction makes the schema of the backup, loads every table,
/// reads it back and compares, and then migrates forward to the schema of this portal. Needs no superuser.
/// </summary>
public static class Restore
{
    /// <summary>Reads the file into the database and the key into the data directory.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="file">The backup.</param>
    /// <param name="dataDirectory">Where the key goes.</param>
    /// <param name="keySetting">The key of the setting, if there is one.</param>
    /// <param name="replace">Whether people, partners or a key that are there already may be replaced.</param>
    /// <param name="progress">Receives the name of each table.</param>
    /// <param name="cancel">Ends the restore; the database is as before.</param>
    /// <exception cref="BackupRefusedException">The backup is damaged or from a newer portal, or something is in the way. Nothing was changed.</exception>
    public static async Task<BackupManifest> ReadAsync(
        string connectionString, string file, string dataDirectory, string? keySetting, bool replace, Action<string>? progress = null, CancellationToken cancel = default)
    {
        await using var backup = await BackupFile.OpenAsync(Path.GetFullPath(file), cancel);
        var keep = CheckKey(backup, dataDirectory, keySetting, replace);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancel);
        await CheckDatabaseAsync(connection, replace, cancel);

        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await DatabaseShape.ExecuteAsync(connection, CopyText.Session + " SET LOCAL lock_timeout = '10s'", cancel);
        await MakeSchemaAsync(connection, transaction, backup.Manifest, cancel);
        await LoadAsync(connection, backup, progress, cancel);
        await MigrateAsync(connection, transaction, null, cancel);
        if (!keep)
        {
            MoveKeyIn(backup, dataDirectory);
        }

        await transaction.CommitAsync(cancel);
        return backup.Manifest;
    }

    /// <summary>True when the key in place is the right one or there is none to put in.</summary>
    private static bool CheckKey(BackupFile backup, string dataDirectory, string? keySetting, bool replace)
    {
        var there = KeyFile.Read(dataDirectory, keySetting);
        if (backup.Manifest.KeyFingerprint is not { } wanted || there?.Fingerprint == wanted)
        {
            return true;
        }

        if (there is { Path: null })
        {
            throw new BackupRefusedException($"{KeyFile.Setting} holds the key {there.Fingerprint}, but the secrets in this backup were encrypted with {wanted}. Set that key.");
        }

        if (backup.Key is null)
        {
            throw new BackupRefusedException($"The secrets in this backup were encrypted with the key {wanted}, which was kept outside of the portal. Set {KeyFile.Setting} to it.");
        }

        return there is null || replace
            ? false
            : throw new BackupRefusedException($"{there.Path} holds another key than this backup. If what it encrypts may go, restore with --replace; the old key is kept beside it.");
    }

    private static void MoveKeyIn(BackupFile backup, string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        var path = KeyFile.PathIn(dataDirectory);
        if (File.Exists(path))
        {
            File.Copy(path, path + ".before-restore", overwrite: true);
        }

        KeyFile.Write(dataDirectory, backup.Key!.Key, replace: true);
    }

    private static async Task CheckDatabaseAsync(NpgsqlConnection connection, bool replace, CancellationToken cancel)
    {
        var users = await DatabaseShape.ReadAsync(connection,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
            r => r.GetInt64(0), cancel);
        if (users[0] > 0)
        {
            throw new BackupRefusedException($"{users[0]} other connections use this database. Stop the portal first. Nothing was changed.");
        }

        if (replace || (await DatabaseShape.MigrationsAsync(connection, cancel)).Count == 0)
        {
            return;
        }

        // What a portal writes by itself when it starts does not count; people and what they entered do.
        foreach (var (schema, name, _) in await DatabaseShape.TablesAsync(connection, cancel))
        {
            if ((schema is "access" or "partners" or "contacts" or "integrations" or "reviews") && name is not "cookie_keys"
                && (await DatabaseShape.ReadAsync(connection, $"SELECT EXISTS (SELECT FROM {DatabaseShape.Quoted(schema, name)})", r => r.GetBoolean(0), cancel))[0])
            {
                throw new BackupRefusedException($"The database is not empty ({schema}.{name} has rows). Restore with --replace to lose what is in it. Nothing was changed.");
            }
        }
    }

    private static async Task MakeSchemaAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BackupManifest manifest, CancellationToken cancel)
    {
        foreach (var schema in DatabaseShape.Schemas())
        {
            await DatabaseShape.ExecuteAsync(connection, $"DROP SCHEMA IF EXISTS {DatabaseShape.Quoted(schema)} CASCADE", cancel);
        }

        await MigrateAsync(connection, transaction, manifest.Migrations, cancel);
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<string>? upTo, CancellationToken cancel)
    {
        await using var db = new PortalContext(ContextOptions.Over(connection));
        await db.Database.UseTransactionAsync(transaction, cancel);
        if (upTo is not null && upTo.Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown)
        {
            throw new BackupRefusedException($"The backup comes from a newer portal (its schema has {unknown}). Restore it with that version or a later one. Nothing was changed.");
        }

        // EF asks for its history by trying, and a try that fails would end the transaction: the table must be there.
        await DatabaseShape.ExecuteAsync(connection, db.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), cancel);
        await db.GetService<IMigrator>().MigrateAsync(upTo?[^1], cancel);
    }

    private static async Task LoadAsync(NpgsqlConnection connection, BackupFile backup, Action<string>? progress, CancellationToken cancel)
    {
        var tables = backup.Manifest.Tables;
        var known = (await DatabaseShape.TablesAsync(connection, cancel)).Select(t => (t.Schema, t.Name)).ToHashSet();
        if (tables.FirstOrDefault(t => !known.Contains((t.Schema, t.Name))) is { } stray)
        {
            throw new BackupRefusedException($"The backup holds {stray.Schema}.{stray.Name}, which its schema does not have. Nothing was changed.");
        }

        var keys = await DatabaseShape.ForeignKeysAsync(connection, cancel);
        // Rows come table by table, so references and the guards of the audit log must wait; both are back before the commit, and every reference is checked then.
        await EachAsync(connection, keys.Select(k => $"ALTER TABLE {k.Table} DROP CONSTRAINT {k.Name}"), cancel);
        await EachAsync(connection, known.Select(t => $"ALTER TABLE {DatabaseShape.Quoted(t.Schema, t.Name)} DISABLE TRIGGER USER"), cancel);
        await EachAsync(connection, known.Select(t => $"DELETE FROM {DatabaseShape.Quoted(t.Schema, t.Name)}"), cancel);
        foreach (var table in tables)
        {
            progress?.Invoke($"{table.Schema}.{table.Name}");
            await using (var entry = await backup.OpenAsync(table, cancel))
            {
                await CopyText.ImportAsync(connection, table, entry, cancel);
            }

            var (rows, hash) = await CopyText.ExportAsync(connection, table.Sql, table.ColumnList, Stream.Null, cancel);
            if (rows != table.Rows || hash != table.Sha256)
            {
                throw new BackupRefusedException($"{table.Schema}.{table.Name} does not read back as it was saved ({rows} of {table.Rows} rows). Nothing was changed.");
            }
        }

        foreach (var sequence in backup.Manifest.Sequences)
        {
            await DatabaseShape.ReadAsync(connection, "SELECT setval($1::regclass, $2, $3)", r => r.GetInt64(0), cancel,
                DatabaseShape.Quoted(sequence.Schema, sequence.Name), sequence.LastValue, sequence.IsCalled);
        }

        await EachAsync(connection, keys.Select(k => $"ALTER TABLE {k.Table} ADD CONSTRAINT {k.Name} {k.Definition}"), cancel);
        await EachAsync(connection, known.Select(t => $"ALTER TABLE {DatabaseShape.Quoted(t.Schema, t.Name)} ENABLE TRIGGER USER"), cancel);
    }

    private static async Task EachAsync(NpgsqlConnection connection, IEnumerable<string> commands, CancellationToken cancel)
    {
        foreach (var command in commands)
        {
            await DatabaseShape.ExecuteAsync(connection, command, cancel);
        }
    }
}
