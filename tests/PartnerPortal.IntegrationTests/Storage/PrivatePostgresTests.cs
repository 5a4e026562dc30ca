using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.IntegrationTests.Storage;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "portal-private-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public async Task An_empty_directory_gets_a_server_that_keeps_its_data_between_starts()
    {
        await using (var first = await StartAsync())
        {
            await RunAsync(first, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
            Assert.Equal("portal", await AskAsync(first, "SELECT current_database()"));
            Assert.Equal("é", await AskAsync(first, "SELECT lower('É')"));
            Assert.Equal("127.0.0.1", await AskAsync(first, "SHOW listen_addresses"));
        }

        await using var second = await StartAsync();
        Assert.Equal(42, await AskAsync(second, "SELECT id FROM kept"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_its_owner_reads_the_password()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix");
        await using var server = await StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "postgres", "password")));
    }

    [Fact]
    public async Task Portals_of_one_directory_share_the_server_and_the_last_one_stops_it()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        Assert.Equal(first.ConnectionString, second.ConnectionString);

        await first.DisposeAsync();
        Assert.Equal(1, await AskAsync(second, "SELECT 1"));

        await second.DisposeAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(second, "SELECT 1"));
        Assert.False(File.Exists(Path.Combine(_directory, "postgres", "data", "postmaster.pid")));
    }

    [Fact]
    public async Task Ten_portals_starting_at_once_share_one_server()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StartAsync()));
        Assert.Single(all.Select(s => s.ConnectionString).Distinct());
        await Task.WhenAll(all.Select(s => s.DisposeAsync().AsTask()));
        Assert.False(File.Exists(Path.Combine(_directory, "postgres", "data", "postmaster.pid")));
    }

    [Fact]
    public async Task A_killed_server_comes_back_under_the_same_address_with_what_was_committed()
    {
        var said = new List<string>();
        await using var server = await StartAsync(o => o with { Durable = true, Report = said.Add });
        await RunAsync(server, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");

        using (var postmaster = Process.GetProcessById(PostmasterId()))
        {
            postmaster.Kill();
        }

        Assert.Equal(7, await AskWhenBackAsync(server, "SELECT id FROM kept"));
        Assert.Contains(said, s => s.Contains("ended unexpectedly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_file_that_names_a_stranger_does_not_block_the_start()
    {
        await (await StartAsync()).DisposeAsync();
        var data = Path.Combine(_directory, "postgres", "data");
        await File.WriteAllTextAsync(Path.Combine(data, "postmaster.pid"), $"{Environment.ProcessId}\n{data}\n1700000000\n5432\n\n127.0.0.1\n", Cancel);

        await using var server = await StartAsync();
        Assert.Equal(1, await AskAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task A_first_start_that_was_cut_short_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "postgres", "data.new"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "postgres", "data.new", "PG_VERSION"), "15", Cancel);
        await File.WriteAllTextAsync(Path.Combine(_directory, "postgres", "password"), "of the first attempt", Cancel);

        await using var server = await StartAsync();
        Assert.Equal(1, await AskAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task A_named_folder_without_PostgreSQL_is_refused_with_the_setting()
    {
        var refused = await Assert.ThrowsAsync<PostgresUnavailableException>(() => StartAsync(o => o with { Binaries = Path.GetTempPath() }));
        Assert.Contains("Portal__Postgres__Binaries", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_name_that_version()
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_directory, "postgres", "data", "PG_VERSION"), "11", Cancel);

        var refused = await Assert.ThrowsAsync<PostgresUnavailableException>(() => StartAsync());
        Assert.Contains("PostgreSQL 11", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_directory_that_the_server_cannot_reach_names_a_setting_that_works()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root starts PostgreSQL as another user");
        Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var refused = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => PrivatePostgres.StartAsync(new() { DataDirectory = Path.Combine(_directory, "portal"), Durable = false }, Cancel));
        Assert.Contains("Portal__DataDirectory=/var/lib/partner-portal", refused.Message, StringComparison.Ordinal);
    }

    private Task<PrivatePostgres> StartAsync(Func<PrivatePostgresOptions, PrivatePostgresOptions>? change = null)
    {
        var options = new PrivatePostgresOptions { DataDirectory = _directory, Durable = false };
        return PrivatePostgres.StartAsync(change is null ? options : change(options), Cancel);
    }

    private int PostmasterId() =>
        int.Parse(File.ReadLines(Path.Combine(_directory, "postgres", "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static async Task<object?> AskAsync(PrivatePostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }

    private static async Task RunAsync(PrivatePostgres server, string sql) => await AskAsync(server, sql);

    private static async Task<object?> AskWhenBackAsync(PrivatePostgres server, string sql)
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                return await AskAsync(server, sql);
            }
            catch (NpgsqlException) when (patience.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(100, Cancel);
            }
        }
    }
}
