using Microsoft.Extensions.Configuration;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>Where this portal keeps its data, read the same way by the portal and by its command line.</summary>
/// <param name="DataDirectory">Full path of the data directory.</param>
/// <param name="ConnectionString">The configured database, or null for the portal's own.</param>
/// <param name="KeySetting">The key of the stored secrets when the configuration holds it.</param>
/// <param name="Binaries">A folder with PostgreSQL's programs, or null to look for one.</param>
/// <param name="Bundled">A <c>node_modules</c> folder with the npm packages of PostgreSQL, or null.</param>
public sealed record StorageSettings(string DataDirectory, string? ConnectionString, string? KeySetting, string? Binaries, string? Bundled)
{
    /// <summary>Reads <c>ConnectionStrings:Portal</c>, <c>Portal:DataDirectory</c>, <c>Portal:Postgres:*</c> and <c>Portal:Security:KeyEncryptionKey</c>.</summary>
    /// <exception cref="FormatException">The connection string cannot be read; the message names the setting and does not repeat it.</exception>
    public static StorageSettings From(IConfiguration configuration) => new(
        Path.GetFullPath(Text(configuration, "Portal:DataDirectory") ?? PrivatePostgresOptions.DefaultDataDirectory),
        Readable(Text(configuration, "ConnectionStrings:Portal")),
        Text(configuration, "Portal:Security:KeyEncryptionKey"),
        Text(configuration, "Portal:Postgres:Binaries"),
        Text(configuration, "Portal:Postgres:Bundled"));

    /// <summary>Opens the configured database, or starts or joins the portal's own.</summary>
    /// <param name="report">Receives sentences about things worth telling.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <exception cref="PostgresUnavailableException">The portal's own server cannot run.</exception>
    public async Task<OpenStorage> OpenAsync(Action<string>? report = null, CancellationToken cancel = default)
    {
        if (ConnectionString is not null)
        {
            return new(ConnectionString, this, null);
        }

        var server = await PrivatePostgres.StartAsync(Private with { Report = report }, cancel);
        return new(server.ConnectionString, this, server);
    }

    /// <summary>What the portal's own server is started with.</summary>
    public PrivatePostgresOptions Private => new() { DataDirectory = DataDirectory, Binaries = Binaries, BundledRoot = Bundled };

    private static string? Readable(string? connectionString)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
            return connectionString;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new FormatException("ConnectionStrings__Portal cannot be read. It looks like Host=db.example;Database=portal;Username=portal;Password=…", e);
        }
    }

    private static string? Text(IConfiguration configuration, string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];
}

/// <summary>A database that can be spoken to; the portal's own server is left when this is disposed.</summary>
public sealed record OpenStorage(string ConnectionString, StorageSettings Settings, PrivatePostgres? Private) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Private?.DisposeAsync() ?? ValueTask.CompletedTask;
}
