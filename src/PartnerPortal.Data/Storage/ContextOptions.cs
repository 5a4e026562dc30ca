using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>How contexts reach the database: the same in the host, in the migrator, at design time and in tests.</summary>
public static class ContextOptions
{
    /// <summary>The assembly that holds the schema's history.</summary>
    public const string MigrationsAssembly = "PartnerPortal.Migrations";

    // Identity reads its schema version from the application's services; outside the host it would fall back to a schema without passkeys.
    private static readonly IServiceProvider IdentityServices = new ServiceCollection()
        .Configure<IdentityOptions>(o => o.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
        .BuildServiceProvider();

    /// <summary>Options for a context made by hand, outside the host.</summary>
    public static DbContextOptions<PortalContext> Standalone(string connectionString)
    {
        var builder = new DbContextOptionsBuilder<PortalContext>();
        builder.UseApplicationServiceProvider(IdentityServices);
        Configure(builder, connectionString);
        return builder.Options;
    }

    /// <summary>Timeouts that make a hung database an error within seconds instead of a page that never answers.</summary>
    internal static string WithTimeouts(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Timeout = Math.Min(builder.Timeout, 5);
        builder.CommandTimeout = Math.Min(builder.CommandTimeout, 15);
        builder.KeepAlive = builder.KeepAlive == 0 ? 10 : builder.KeepAlive;
        builder.ApplicationName ??= "partner-portal";
        return builder.ConnectionString;
    }

    internal static void Configure(DbContextOptionsBuilder builder, string connectionString) => builder
        .UseNpgsql(connectionString, o => o
            .MigrationsAssembly(MigrationsAssembly)
            .MigrationsHistoryTable("migrations", "portal")
            .UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))
        .UseSnakeCaseNamingConvention();
}
