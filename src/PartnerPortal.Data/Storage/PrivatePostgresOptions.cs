namespace PartnerPortal.Data.Storage;

/// <summary>Where the portal's own PostgreSQL server keeps its files and where its programs come from.</summary>
public sealed record PrivatePostgresOptions
{
    /// <summary>The portal's data directory; the server uses the folder <c>postgres</c> in it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folder that holds <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c>; when set, no other is looked at.</summary>
    public string? Binaries { get; init; }

    /// <summary>A <c>node_modules</c> folder with the npm packages of PostgreSQL, used when none is installed.</summary>
    public string? BundledRoot { get; init; }

    /// <summary>False gives up crash safety for speed; only for throw-away databases of tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Receives sentences about things worth telling: a wait, a restart after a crash.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>Where the data are kept when no setting names another place.</summary>
    public static string DefaultDataDirectory => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess
        ? "/var/lib/partner-portal"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "partner-portal");
}
