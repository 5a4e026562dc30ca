using System.Diagnostics;
using System.Globalization;

namespace PartnerPortal.Torture;

/// <summary>A throw-away data directory with the private server that portals start in it.</summary>
internal sealed class DataDirectory : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "portal-torture-" + Guid.NewGuid().ToString("N"));

    public bool ServerRuns => File.Exists(ProcessFile);

    /// <summary>Leads to the portal's database while its server runs.</summary>
    public string ConnectionString => new Npgsql.NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = int.Parse(File.ReadLines(ProcessFile).ElementAt(3), CultureInfo.InvariantCulture),
        Username = "portal",
        Password = File.ReadAllText(System.IO.Path.Combine(Path, "postgres", "password")).Trim(),
        Database = "portal",
        Pooling = false,
    }.ConnectionString;

    private string ProcessFile => System.IO.Path.Combine(Path, "postgres", "data", "postmaster.pid");

    /// <summary>SIGKILL for the server; its children find out by themselves.</summary>
    public void KillServer()
    {
        using var server = Process.GetProcessById(ServerId());
        server.Kill();
    }

    /// <summary>What <c>pg_ctl stop -m immediate</c> does: the server quits without a checkpoint, as in a crash.</summary>
    public Task CrashServerAsync() => Programs.RunAsync("kill", "-QUIT", ServerId().ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        if (ServerRuns)
        {
            KillServer();
        }

        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private int ServerId() => int.Parse(File.ReadLines(ProcessFile).First(), CultureInfo.InvariantCulture);
}
