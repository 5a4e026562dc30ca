namespace PartnerPortal.Data.Storage;

/// <summary>The folder of the private server: made, owned by the right user, and reachable for it.</summary>
internal static class PostgresFolder
{
    private const string Everyone = "/var/lib/partner-portal";

    public static async Task<PostgresAccount> OpenAsync(string folder, CancellationToken cancel)
    {
        var dataDirectory = Path.GetDirectoryName(folder)!;
        var isNew = !Directory.Exists(dataDirectory);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException e)
        {
            throw new PostgresUnavailableException($"The data directory {dataDirectory} cannot be made: {e.Message}", e);
        }

        var account = await PostgresAccount.ForAsync(Path.Combine(folder, "data"), cancel);
        if (!OperatingSystem.IsWindows() && isNew)
        {
            // Others may pass through to files they own, but not look around, whatever the umask says.
            File.SetUnixFileMode(dataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        if (!Directory.Exists(Path.Combine(folder, "data")))
        {
            await account.OwnAsync(folder, cancel);
        }

        return await account.CanWriteAsync(folder, cancel) ? account : throw new PostgresUnavailableException(Unreachable(dataDirectory, account.Name));
    }

    public static string Refused(string folder) =>
        $"The user '{Environment.UserName}' may not write to {folder}. Start the portal as the folder's owner, or choose another one, for example "
        + $"Portal__DataDirectory={(Environment.IsPrivilegedProcess ? Everyone : Path.Combine(Home(), "partner-portal"))}";

    private static string Unreachable(string dataDirectory, string user) =>
        $"PostgreSQL does not run as root but as the user '{user}', and that user cannot reach {dataDirectory}. Choose a folder it can reach: Portal__DataDirectory={Everyone}";

    private static string Home() => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
