using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// A PostgreSQL server of the portal's own on loopback, for when no connection string is configured. Portals that share a data
/// directory share its server: the first starts it, each watches it and starts it again after a crash, the last one stops it.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);

    private readonly PostgresServer _server;
    private readonly string _folder;
    private readonly FileStream _use;
    private readonly int _port;
    private readonly Action<string> _report;
    private readonly CancellationTokenSource _stopWatching = new();
    private readonly Task _watch;

    private PrivatePostgres(PostgresServer server, string folder, FileStream use, int port, Action<string> report)
    {
        (_server, _folder, _use, _port, _report) = (server, folder, use, port, report);
        ConnectionString = server.Address(port);
        _watch = WatchAsync(_stopWatching.Token);
    }

    /// <summary>Leads to the database <c>portal</c> as its owner; stays valid when the server is restarted.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the server of the data directory, or attaches to it when it runs already.</summary>
    /// <exception cref="PostgresUnavailableException">No server can run there; the message names a way out.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, CancellationToken cancel = default)
    {
        var report = options.Report ?? (_ => { });
        var folder = Path.Combine(Path.GetFullPath(options.DataDirectory), "postgres");
        try
        {
            var account = await PostgresFolder.OpenAsync(folder, cancel);
            await using var gate = await FileLock.TakeAsync(StartLock(folder), cancel);
            var server = await PostgresServer.PrepareAsync(options, account, folder, cancel);
            var use = await FileLock.ShareAsync(UseLock(folder), cancel);
            try
            {
                var port = await server.EnsureRunningAsync(samePort: null, cancel);
                await server.CreateDatabaseAsync(port, cancel);
                return new(server, folder, use, port, report);
            }
            catch
            {
                await StopIfLastAsync(server, folder, use);
                throw;
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PostgresUnavailableException(PostgresFolder.Refused(folder), e);
        }
    }

    /// <summary>Whether a data directory holds data of an own server.</summary>
    public static bool HasData(string dataDirectory) => File.Exists(Path.Combine(Path.GetFullPath(dataDirectory), "postgres", "data", "PG_VERSION"));

    /// <summary>The programs that a first start would take, as "PostgreSQL 17 in /usr/lib/postgresql/17/bin". Leaves nothing behind.</summary>
    /// <exception cref="PostgresUnavailableException">There are none; the message names ways out.</exception>
    public static async Task<string> FindProgramsAsync(PrivatePostgresOptions options, CancellationToken cancel = default)
    {
        var aside = Path.Combine(Path.GetTempPath(), "portal-look-" + Guid.NewGuid().ToString("N"));
        try
        {
            var folder = Path.Combine(aside, "postgres");
            var found = await PostgresBinaries.FindAsync(options, await PostgresFolder.OpenAsync(folder, cancel), folder, null, cancel);
            return found.Folder.StartsWith(aside, StringComparison.Ordinal) ? $"PostgreSQL {found.Major} of npm" : $"PostgreSQL {found.Major} in {found.Folder}";
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopWatching.IsCancellationRequested)
        {
            return;
        }

        await _stopWatching.CancelAsync();
        await _watch;
        _stopWatching.Dispose();
        NpgsqlConnection.ClearAllPools();
        await using var gate = await FileLock.TakeAsync(StartLock(_folder), CancellationToken.None);
        await StopIfLastAsync(_server, _folder, _use);
    }

    private static string StartLock(string folder) => Path.Combine(folder, "start.lock");

    private static string UseLock(string folder) => Path.Combine(folder, "use.lock");

    // Under the start lock nobody can join between the question and the stop.
    private static async Task StopIfLastAsync(PostgresServer server, string folder, FileStream use)
    {
        await use.DisposeAsync();
        await using var alone = FileLock.TryTake(UseLock(folder));
        if (alone is not null)
        {
            await server.StopAsync();
        }
    }

    private async Task WatchAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(WatchEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                if (!_server.IsRunning)
                {
                    await StartAgainAsync(cancel);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The portal is ending.
        }
    }

    private async Task StartAgainAsync(CancellationToken cancel)
    {
        try
        {
            await using var gate = await FileLock.TakeAsync(StartLock(_folder), cancel);
            if (!_server.IsRunning)
            {
                _report("The portal's PostgreSQL server has ended unexpectedly; starting it again.");
                await _server.EnsureRunningAsync(_port, cancel);
                _report("The portal's PostgreSQL server is back.");
            }
        }
        catch (Exception e) when (e is PostgresUnavailableException or IOException or UnauthorizedAccessException)
        {
            _report(e.Message);
        }
    }
}
