using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

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
        // Each connection costs the server some megabytes: after a busy moment those that idle are closed soon.
        builder.ConnectionIdleLifetime = Math.Min(builder.ConnectionIdleLifetime, 20);
        builder.ConnectionPruningInterval = Math.Min(builder.ConnectionPruningInterval, 5);
        builder.ApplicationName ??= "partner-portal";
        // Nobody leaves settings, locks or listeners behind on a pooled connection (LISTEN has one for itself), so it need not be cleaned each time it is lent.
        builder.NoResetOnClose = true;
        return builder.ConnectionString;
    }

    /// <summary>Options for a context that works on an open connection and inside its transaction.</summary>
    internal static DbContextOptions<PortalContext> Over(NpgsqlConnection connection)
    {
        var builder = new DbContextOptionsBuilder<PortalContext>();
        builder.UseApplicationServiceProvider(IdentityServices);
        builder.UseNpgsql(connection, OfPortal).UseSnakeCaseNamingConvention();
        // The lock that EF warns about is not needed where the transaction has the database for itself.
        builder.ConfigureWarnings(w => w.Ignore(RelationalEventId.MigrationsUserTransactionWarning));
        return builder.Options;
    }

    internal static void Configure(DbContextOptionsBuilder builder, string connectionString) => builder
        .UseNpgsql(connectionString, OfPortal)
        .UseSnakeCaseNamingConvention();

    private static void OfPortal(NpgsqlDbContextOptionsBuilder options) => options
        .MigrationsAssembly(MigrationsAssembly)
        .MigrationsHistoryTable("migrations", "portal")
        .UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery);
}
