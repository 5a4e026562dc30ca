using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Shell;

/// <summary>The database that the host uses; a private server is stopped when the host has ended.</summary>
public sealed record HostDatabase(string ConnectionString, string DataDirectory, string? KeySetting, PrivatePostgres? Private) : IAsyncDisposable
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
        builder.Configuration.AddSecretFiles();
        // One line a request would write the secrets of links into the log; statements would drown what matters.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Warning);
        if (!published)
        {
            builder.WebHost.UseStaticWebAssets();
        }

        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical).AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical);
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
        {
            builder.WebHost.UseUrls("http://localhost:5080");
        }

        return builder;
    }

    /// <summary>Opens the configured database, or starts the portal's own, and brings it to this portal's schema.</summary>
    public static async Task<HostDatabase> OpenDatabaseAsync(this WebApplicationBuilder builder, CancellationToken cancel = default)
    {
        var storage = await StorageSettings.From(builder.Configuration).OpenAsync(Console.WriteLine, cancel);
        try
        {
            await Migrator.MigrateAsync(storage.ConnectionString, cancel);
            await KeyGuard.EnsureAsync(storage.ConnectionString, storage.Settings, cancel);
            return new(storage.ConnectionString, storage.Settings.DataDirectory, storage.Settings.KeySetting, storage.Private);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }
}
