using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PartnerPortal.Data;
using PartnerPortal.Domain.Access;
using Xunit;

namespace PartnerPortal.TestKit;

/// <summary>A migrated database of a test class's own, with every store over it and a clock that the test moves. Use it as a class fixture.</summary>
public sealed class TestDatabase(TestServer server) : IAsyncLifetime
{
    private readonly string _name = "t" + Guid.NewGuid().ToString("N");
    private ServiceProvider? _services;

    /// <summary>Leads to the database as its owner.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The time, for the program and for the database.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>Somebody who may do everything.</summary>
    public static Actor Ana { get; } = new(Guid.Parse("00000000-0000-7000-8000-00000000000a"), "ana@example.com", Role.Administrator);

    /// <summary>The services that a host has; background work is not started.</summary>
    public IServiceProvider Services => _services ?? throw new InvalidOperationException("The fixture was not initialised.");

    /// <summary>A store or anything else that the host registers.</summary>
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Runs SQL as the owner of the database, a superuser.</summary>
    public async Task RunAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first value that SQL answers.</summary>
    public async Task<T?> AskAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>Gives the database the real time again, for tests that a browser takes part in.</summary>
    public Task UseRealTimeAsync() =>
        RunAsync("CREATE OR REPLACE FUNCTION portal.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT pg_catalog.now()'");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        ConnectionString = await server.CloneAsync(_name) + ";Maximum Pool Size=20";
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPortalStorage(ConnectionString);
        services.AddFieldCipher("", Convert.ToBase64String(new byte[32]));
        services.AddSingleton<TimeProvider>(Clock);
        _services = services.BuildServiceProvider();
        await Clock.AttachAsync(Get<NpgsqlDataSource>());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await server.DropAsync(_name);
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
