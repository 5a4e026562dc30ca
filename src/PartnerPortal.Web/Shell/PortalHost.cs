using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Shell;

/// <summary>The database that the host uses; a private server is stopped when the host has ended.</summary>
public sealed record HostDatabase(string ConnectionString, string DataDirectory, PrivatePostgres? Private) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Private?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The host before it is built: where its files are, which database it speaks to.</summary>
public static class PortalHost
{
    /// <summary>A builder that finds its own files from whatever directory it was started.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // A published copy serves the wwwroot beside it; dotnet run and tests keep theirs.
        var published = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = published ? AppContext.BaseDirectory : null });
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
        {
            builder.WebHost.UseUrls("http://localhost:5080");
        }

        return builder;
    }

    /// <summary>Opens the configured database, or starts the portal's own, and brings it to this portal's schema.</summary>
    public static async Task<HostDatabase> OpenDatabaseAsync(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var directory = configuration["Portal:DataDirectory"] is { Length: > 0 } given ? Path.GetFullPath(given) : PrivatePostgresOptions.DefaultDataDirectory;
        if (configuration.GetConnectionString("Portal") is { Length: > 0 } configured)
        {
            await Migrator.MigrateAsync(configured);
            return new(configured, directory, null);
        }

        var postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions
        {
            DataDirectory = directory,
            Binaries = configuration["Portal:Postgres:Binaries"],
            BundledRoot = configuration["Portal:Postgres:BundledRoot"],
            Report = Console.WriteLine,
        });
        await Migrator.MigrateAsync(postgres.ConnectionString);
        return new(postgres.ConnectionString, directory, postgres);
    }
}
