using System.Diagnostics;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// The user of the operating system that runs PostgreSQL. PostgreSQL refuses to run as root: then it runs as the
/// owner of the existing data, else as <c>postgres</c>, else as <c>nobody</c>. Everyone else runs it as themselves.
/// </summary>
internal sealed class PostgresAccount
{
    private readonly string? _uid;
    private readonly string? _gid;

    private PostgresAccount(string name, string? uid, string? gid) => (Name, _uid, _gid) = (name, uid, gid);

    public string Name { get; }

    public static async Task<PostgresAccount> ForAsync(string dataFolder, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return new(Environment.UserName, null, null);
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new PostgresUnavailableException("PostgreSQL does not run as root. Start the portal as an ordinary user, or set ConnectionStrings__Portal to a running server.");
        }

        var accounts = (await File.ReadAllLinesAsync("/etc/passwd", cancel)).Select(l => l.Split(':')).Where(f => f.Length > 3).ToList();
        var owner = Directory.Exists(dataFolder) ? await OwnerAsync(dataFolder, cancel) : null;
        var account = accounts.Find(f => f[2] == owner && owner != "0")
            ?? accounts.Find(f => f[0] == "postgres")
            ?? accounts.Find(f => f[0] == "nobody")
            ?? throw new PostgresUnavailableException("PostgreSQL does not run as root, and this machine has neither a user 'postgres' nor 'nobody'. Create one: useradd --system postgres");
        return new(account[0], account[2], account[3]);
    }

    /// <summary>Runs a program as this user, in a folder that every user may enter.</summary>
    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments)
    {
        // setpriv becomes the program; su and runuser would stay as its parent.
        var info = _uid is null
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("setpriv", ["--reuid=" + _uid, "--regid=" + _gid, "--clear-groups", "--", program, .. arguments]);
        info.WorkingDirectory = Path.GetTempPath();
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        return info;
    }

    public async Task OwnAsync(string folder, CancellationToken cancel)
    {
        if (_uid is not null)
        {
            await ProgramRun.OfAsync(new ProcessStartInfo("chown", ["-R", $"{_uid}:{_gid}", folder]) { RedirectStandardOutput = true, RedirectStandardError = true }, cancel);
        }
    }

    public async Task<bool> CanWriteAsync(string folder, CancellationToken cancel) =>
        _uid is null || (await ProgramRun.OfAsync(Command("test", "-w", folder, "-a", "-x", folder), cancel)).Succeeded;

    private static async Task<string> OwnerAsync(string folder, CancellationToken cancel) =>
        (await ProgramRun.OfAsync(new ProcessStartInfo("stat", ["-c", "%u", folder]) { RedirectStandardOutput = true, RedirectStandardError = true }, cancel)).Output.Trim();
}
