using System.Globalization;

namespace PartnerPortal.Data.Storage;

/// <summary>A folder with the programs of one PostgreSQL version.</summary>
internal sealed record PostgresBinaries(string Folder, int Major)
{
    private const int Oldest = 15;
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    public string Program(string name) => Path.Combine(Folder, name + Suffix);

    /// <summary>
    /// An installed PostgreSQL first, highest version first, the npm package last. Existing data decide the major version,
    /// because a server opens only data of its own.
    /// </summary>
    public static async Task<PostgresBinaries> FindAsync(PrivatePostgresOptions options, PostgresAccount account, string folder, int? major, CancellationToken cancel)
    {
        if (options.Binaries is { } named)
        {
            return await ProbeAsync(named, account, major, cancel)
                ?? throw new PostgresUnavailableException($"Portal__Postgres__Binaries names {named}, but there are no programs of {Wanted(major)} in it that the user '{account.Name}' can run.");
        }

        foreach (var place in OnPath().Concat(Installed()))
        {
            if (await ProbeAsync(place, account, major, cancel) is { } found)
            {
                return found;
            }
        }

        return await BundledPostgres.PlaceAsync(options.BundledRoot, folder, account, cancel) is { } bundled && await ProbeAsync(bundled, account, major, cancel) is { } own
            ? own
            : throw new PostgresUnavailableException(Missing(folder, major));
    }

    private static async Task<PostgresBinaries?> ProbeAsync(string folder, PostgresAccount account, int? major, CancellationToken cancel)
    {
        var found = new PostgresBinaries(folder, 0);
        if (!File.Exists(found.Program("postgres")) || !File.Exists(found.Program("initdb")) || !File.Exists(found.Program("pg_ctl")))
        {
            return null;
        }

        // Asked as the user that will run it: root sees folders that this user cannot.
        var run = await ProgramRun.OfAsync(account.Command(found.Program("postgres"), "--version"), cancel);
        var version = run.Output.Split(' ').ElementAtOrDefault(2)?.Split('.')[0];
        var digits = new string([.. (version ?? "").TakeWhile(char.IsAsciiDigit)]);
        return run.Succeeded && int.TryParse(digits, CultureInfo.InvariantCulture, out var number) && (major is null ? number >= Oldest : number == major)
            ? found with { Major = number }
            : null;
    }

    private static string[] OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Installed()
    {
        (string Root, string Names)[] places = OperatingSystem.IsWindows()
            ? [(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*")]
            :
            [
                ("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/opt/homebrew/opt", "postgresql@*"),
                ("/usr/local/opt", "postgresql@*"), ("/Applications/Postgres.app/Contents/Versions", "*"),
            ];
        return places.Where(p => Directory.Exists(p.Root))
            .SelectMany(p => Directory.GetDirectories(p.Root, p.Names))
            .OrderByDescending(TrailingNumber)
            .Select(d => Path.Combine(d, "bin"));
    }

    private static int TrailingNumber(string folder)
    {
        var digits = string.Concat(Path.GetFileName(folder).Reverse().TakeWhile(char.IsAsciiDigit).Reverse());
        return int.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static string Wanted(int? major) => major is null ? $"PostgreSQL {Oldest} or newer" : $"PostgreSQL {major}";

    private static string Missing(string folder, int? major) => major is null
        ? $"No {Wanted(major)} was found. Install it (Debian: apt-get install postgresql; macOS: brew install postgresql@17), "
            + "or name its folder in Portal__Postgres__Binaries, or set ConnectionStrings__Portal to a running server."
        : $"The data in {folder} were made by PostgreSQL {major}, which is not installed. Install it (Debian: apt-get install postgresql-{major}), "
            + "or name its folder in Portal__Postgres__Binaries, or restore a backup into a new Portal__DataDirectory.";
}
