using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// Writes one file with everything the portal knows, as it was at one moment, while it runs: all tables from one
/// REPEATABLE READ snapshot, the schema's history and the key. Needs no PostgreSQL tool.
/// </summary>
public static class Backup
{
    internal const string ManifestEntry = "manifest.json";
    internal const string KeyEntry = "portal.key";
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the file; it appears under its name only when it is complete, readable by its owner alone.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="file">Where to; an existing file is refused.</param>
    /// <param name="key">The key of the stored secrets, if there is one. One from the setting is not put into the file.</param>
    /// <param name="progress">Receives the name of each table.</param>
    /// <param name="cancel">Ends the backup; nothing stays behind.</param>
    /// <exception cref="BackupRefusedException">It cannot be written.</exception>
    public static async Task<BackupManifest> WriteAsync(string connectionString, string file, KeyFile? key, Action<string>? progress = null, CancellationToken cancel = default)
    {
        file = Path.GetFullPath(file);
        if (Path.Exists(file))
        {
            throw new BackupRefusedException($"{file} exists already. Choose another name; a backup never replaces one.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            throw new BackupRefusedException($"There is no folder {Path.GetDirectoryName(file)}.");
        }

        var unfinished = file + ".unfinished";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(unfinished); // one left by a killed run keeps the rights it had
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
            await connection.OpenAsync(cancel);
            await using var stream = new FileStream(unfinished, options);
            var manifest = await WriteAsync(connection, stream, key, progress, cancel);
            stream.Flush(flushToDisk: true);
            File.Move(unfinished, file);
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupRefusedException($"{file} cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<BackupManifest> WriteAsync(NpgsqlConnection connection, Stream stream, KeyFile? key, Action<string>? progress, CancellationToken cancel)
    {
        await DatabaseShape.ExecuteAsync(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancel);
        await DatabaseShape.ExecuteAsync(connection, CopyText.Session, cancel);
        var migrations = await DatabaseShape.MigrationsAsync(connection, cancel);
        if (migrations.Count == 0)
        {
            throw new BackupRefusedException("The database holds no portal yet: nothing to back up.");
        }

        var at = (await DatabaseShape.ReadAsync(connection, "SELECT portal.now()", r => r.GetFieldValue<DateTimeOffset>(0), cancel))[0];
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
        var tables = new List<BackupTable>();
        foreach (var (schema, name, columns) in await DatabaseShape.TablesAsync(connection, cancel))
        {
            var table = new BackupTable(schema, name, columns, 0, "");
            progress?.Invoke($"{schema}.{name}");
            await using var entry = await zip.CreateEntry(table.Entry, CompressionLevel.Fastest).OpenAsync(cancel);
            var (rows, hash) = await CopyText.ExportAsync(connection, table.Sql, table.ColumnList, entry, cancel);
            tables.Add(table with { Rows = rows, Sha256 = hash });
        }

        var sequences = new List<BackupSequence>();
        foreach (var (schema, name) in await DatabaseShape.SequencesAsync(connection, cancel))
        {
            sequences.AddRange(await DatabaseShape.ReadAsync(connection, $"SELECT last_value, is_called FROM {DatabaseShape.Quoted(schema, name)}",
                r => new BackupSequence(schema, name, r.GetInt64(0), r.GetBoolean(1)), cancel));
        }

        var included = key?.Path is not null;
        if (included)
        {
            await using var entry = await zip.CreateEntry(KeyEntry).OpenAsync(cancel);
            await using var writer = new StreamWriter(entry);
            await writer.WriteLineAsync(Convert.ToBase64String(key!.Key).AsMemory(), cancel);
        }

        var manifest = new BackupManifest(BackupManifest.CurrentFormat, Version, at, connection.PostgreSqlVersion.ToString(), migrations, key?.Fingerprint, included, tables, sequences);
        await using (var entry = await zip.CreateEntry(ManifestEntry).OpenAsync(cancel))
        {
            await JsonSerializer.SerializeAsync(entry, manifest, Json, cancel);
        }

        await DatabaseShape.ExecuteAsync(connection, "COMMIT", cancel);
        return manifest;
    }

    private static string Version =>
        typeof(Backup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
