using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>The programs and the data folder of one private server: make the data, start, stop. Callers hold the start lock.</summary>
internal sealed class PostgresServer
{
    private const string User = "portal";
    private const string Database = "portal";
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromMinutes(5);

    private readonly string _folder;
    private readonly PostgresAccount _account;
    private readonly PostgresBinaries _binaries;
    private readonly string _password;

    private PostgresServer(string folder, PostgresAccount account, PostgresBinaries binaries, string password) =>
        (_folder, _account, _binaries, _password) = (folder, account, binaries, password);

    private string Data => Path.Combine(_folder, "data");

    // Where the server listened last. Portals that live through its crash hold this port in their connection strings, whoever starts it again.
    private string LastPort => Path.Combine(_folder, "port");

    private string Log => Path.Combine(_folder, "server.log");

    /// <summary>Finds the programs and, the first time, makes the data.</summary>
    public static async Task<PostgresServer> PrepareAsync(PrivatePostgresOptions options, PostgresAccount account, string folder, CancellationToken cancel)
    {
        var data = Path.Combine(folder, "data");
        var secret = Path.Combine(folder, "password");
        var isNew = !File.Exists(Path.Combine(data, "PG_VERSION"));
        int? major = isNew ? null : int.Parse((await File.ReadAllTextAsync(Path.Combine(data, "PG_VERSION"), cancel)).Trim(), CultureInfo.InvariantCulture);
        var binaries = await PostgresBinaries.FindAsync(options, account, folder, major, cancel);
        if (isNew)
        {
            await MakeDataAsync(options.Durable, binaries, account, data, secret, cancel);
        }

        return new(folder, account, binaries, (await File.ReadAllTextAsync(secret, cancel)).Trim());
    }

    public string Address(int port, string database = Database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = User,
        Password = _password,
        Database = database,
        Timeout = 15,
    }.ConnectionString;

    public bool IsRunning => PostgresProcess.Of(Data) is not null;

    /// <summary>Attaches to the running server or starts it; waits for its recovery after a crash.</summary>
    /// <param name="samePort">A port that others already hold in their connection strings.</param>
    public async Task<int> EnsureRunningAsync(int? samePort, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        for (var failures = 0; ;)
        {
            if (PostgresProcess.Of(Data) is { } running)
            {
                if (running.Port is { } port && await AnswersAsync(port, cancel))
                {
                    return port;
                }

                if (clock.Elapsed > LongestRecovery)
                {
                    throw new PostgresUnavailableException($"The portal's PostgreSQL server does not answer after {LongestRecovery.TotalMinutes:0} minutes. {LastWords()}");
                }
            }
            else if (!await TryStartAsync(samePort ?? UsualPort()) && ++failures == 5)
            {
                throw new PostgresUnavailableException($"The portal's PostgreSQL server does not start. {LastWords()}");
            }

            // The children of a killed server need a moment to notice; until then a new one refuses to start.
            await Task.Delay(failures == 0 ? 100 : 1000, cancel);
        }
    }

    public async Task CreateDatabaseAsync(int port, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(Alone(Address(port, "postgres")));
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = Database } } };
        if (await command.ExecuteScalarAsync(cancel) is 0L)
        {
            await using var create = new NpgsqlCommand("CREATE DATABASE " + Database, connection);
            await create.ExecuteNonQueryAsync(cancel);
        }
    }

    public async Task StopAsync()
    {
        if (IsRunning && await ControlAsync(["stop", "-w", "-s", "-m", "fast", "-t", "20", "-D", Data]) != 0)
        {
            await ControlAsync(["stop", "-w", "-s", "-m", "immediate", "-t", "10", "-D", Data]);
        }
    }

    private static async Task MakeDataAsync(bool durable, PostgresBinaries binaries, PostgresAccount account, string data, string secret, CancellationToken cancel)
    {
        // Made under another name first: a start that was killed half-way leaves nothing that looks complete.
        var unfinished = data + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        await WriteSecretAsync(secret, cancel);
        await account.OwnAsync(Path.GetDirectoryName(secret)!, cancel);
        List<string> arguments = ["-D", unfinished, "-U", User, "--auth=scram-sha-256", "--pwfile=" + secret, "--encoding=UTF8", "--locale=C", "--data-checksums"];
        if (binaries.Major >= 17)
        {
            arguments.AddRange(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
        }
        else if (OperatingSystem.IsLinux())
        {
            arguments.Add("--lc-ctype=C.UTF-8"); // else lower('É') stays 'É' and search misses it
        }

        if (!durable)
        {
            arguments.Add("--no-sync");
        }

        var made = await ProgramRun.OfAsync(account.Command(binaries.Program("initdb"), arguments), cancel);
        if (!made.Succeeded)
        {
            throw new PostgresUnavailableException($"{binaries.Program("initdb")} could not make the database in {data}: {made.Output.Trim()}");
        }

        await File.AppendAllLinesAsync(Path.Combine(unfinished, "postgresql.conf"), Settings(durable), cancel);
        Directory.Move(unfinished, data);
    }

    private static IEnumerable<string> Settings(bool durable) =>
    [
        "", "# The portal's private server", "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''",
        "max_connections = 200",
        // Most of what is read was written a moment ago or is read once; the system's own cache holds the rest. Nothing here is worth compiling.
        "shared_buffers = 48MB", "jit = off", "timezone = 'UTC'", "log_timezone = 'UTC'",
        .. durable ? Array.Empty<string>() : ["fsync = off", "synchronous_commit = off", "full_page_writes = off"],
    ];

    private static async Task WriteSecretAsync(string path, CancellationToken cancel)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, options);
        await using var writer = new StreamWriter(file);
        await writer.WriteAsync(Convert.ToHexString(RandomNumberGenerator.GetBytes(24)).AsMemory(), cancel);
    }

    // Not to be cancelled half-way: a server that is only just coming up could be neither seen nor stopped.
    private async Task<bool> TryStartAsync(int port)
    {
        PostgresProcess.RemoveStale(Data);
        if (File.Exists(Log) && new FileInfo(Log).Length > 10_000_000)
        {
            File.Move(Log, Log + ".1", overwrite: true);
        }

        var number = port.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(LastPort, number, CancellationToken.None);
        return await ControlAsync(["start", "-w", "-s", "-t", "60", "-D", Data, "-l", Log, "-o", "-p " + number]) == 0;
    }

    private Task<int> ControlAsync(IEnumerable<string> arguments) => ProgramRun.ExitOfAsync(_account.Command(_binaries.Program("pg_ctl"), arguments));

    private async Task<bool> AnswersAsync(int port, CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Alone(Address(port, "postgres")));
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private string LastWords() => File.Exists(Log) ? $"The end of {Log}: " + string.Join(" | ", File.ReadLines(Log).TakeLast(4)) : $"It wrote no {Log}.";

    private static string Alone(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 3 }.ConnectionString;

    private int UsualPort()
    {
        try
        {
            return int.TryParse(File.Exists(LastPort) ? File.ReadAllText(LastPort) : "", CultureInfo.InvariantCulture, out var last) ? FreePort(last) : FreePort(0);
        }
        catch (SocketException)
        {
            return FreePort(0); // somebody else listens there by now
        }
    }

    private static int FreePort(int wanted)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, wanted));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
