using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>Whether a database and the key of its secrets belong together.</summary>
public static class KeyGuard
{
    // Identity keeps these as text.
    private static readonly (string Table, string Field) AuthenticatorKeys = ("access.secrets", "CASE WHEN name = 'AuthenticatorKey' THEN decode(value, 'base64') END");

    /// <summary>The fingerprint of the key that the secrets of the database were sealed with; null when it holds none.</summary>
    public static async Task<string?> WantedAsync(string connectionString, CancellationToken cancel = default)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        if ((await DatabaseShape.MigrationsAsync(connection, cancel)).Count == 0)
        {
            return null;
        }

        foreach (var (table, field) in (await SealedAsync(connection, cancel)).Append(AuthenticatorKeys))
        {
            var name = $"encode(substring({field} FROM 2 FOR 8), 'hex')";
            if ((await DatabaseShape.ReadAsync(connection, $"SELECT {name} FROM {table} WHERE {field} IS NOT NULL LIMIT 1", r => r.GetString(0), cancel)) is [var key])
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Refuses a database whose secrets cannot be opened here. A new key is made only where nothing was sealed yet.</summary>
    /// <exception cref="FormatException">The key is missing or another; the message says which and where it belongs.</exception>
    public static async Task EnsureAsync(string connectionString, StorageSettings settings, CancellationToken cancel = default)
    {
        if (await WantedAsync(connectionString, cancel) is { } wanted && Fault(wanted, settings) is { } fault)
        {
            throw new FormatException(fault);
        }
    }

    /// <summary>What is wrong between the fingerprint that a database wants and the key that the settings lead to; null when nothing is.</summary>
    public static string? Fault(string wanted, StorageSettings settings)
    {
        var there = KeyFile.Read(settings.DataDirectory, settings.KeySetting);
        var path = KeyFile.PathIn(settings.DataDirectory);
        return there is null
            ? $"The secrets in this database were sealed with the key {wanted}, and {path} is missing. Put that file back from a backup (portal restore does), or set {KeyFile.Setting}."
            : there.Fingerprint != wanted
                ? $"The secrets in this database were sealed with the key {wanted}, but {there.Path ?? KeyFile.Setting} holds the key {there.Fingerprint}. Put the right key there."
                : null;
    }

    // Columns with sealed fields are called sealed_…; a test sees to it.
    private static Task<List<(string Table, string Field)>> SealedAsync(NpgsqlConnection connection, CancellationToken cancel) => DatabaseShape.ReadAsync(connection,
        """
        SELECT quote_ident(table_schema) || '.' || quote_ident(table_name), quote_ident(column_name) FROM information_schema.columns
        WHERE table_schema = ANY ($1) AND column_name LIKE 'sealed\_%' AND data_type = 'bytea' ORDER BY 1, 2
        """,
        r => (r.GetString(0), r.GetString(1)), cancel, (object)DatabaseShape.Schemas());
}
