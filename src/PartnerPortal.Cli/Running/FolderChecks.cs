using System.Globalization;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Cli.Running;

/// <summary>The data directory, the key in it and the space below it.</summary>
internal static class FolderChecks
{
    private const long Little = 2L << 30;
    private const long TooLittle = 300L << 20;

    public static IEnumerable<Finding> Run(StorageSettings settings)
    {
        var folder = settings.DataDirectory;
        yield return Rights(folder);
        yield return Key(settings);
        if (Space(folder) is { } space)
        {
            yield return space;
        }
    }

    private static Finding Rights(string folder)
    {
        const string name = "data directory";
        if (File.Exists(folder))
        {
            return Finding.Fault(name, $"{folder} is a file", "Name a folder in Portal__DataDirectory.");
        }

        var existing = Existing(folder);
        try
        {
            // Asking for the right is not having it: read-only mounts and quotas show only when something is written.
            var probe = Path.Combine(existing, ".portal-doctor-" + Guid.NewGuid().ToString("N"));
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Finding.Ok(name, existing == folder ? folder : $"{folder} (made at the first start)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fault(name, $"'{Environment.UserName}' may not write to {existing}: {e.Message}", $"Give it the right, or name another folder in Portal__DataDirectory.");
        }
    }

    private static Finding Key(StorageSettings settings)
    {
        const string name = "key of the secrets";
        var path = KeyFile.PathIn(settings.DataDirectory);
        try
        {
            if (KeyFile.Read(settings.DataDirectory, settings.KeySetting) is not { } key)
            {
                return Finding.Ok(name, $"{path} (made when it is first needed)");
            }

            return key.Path is null || KeyFile.IsPrivate(path)
                ? Finding.Ok(name, $"{key.Fingerprint} from {key.Path ?? KeyFile.Setting}")
                : Finding.Fault(name, $"others than its owner may read {path}", $"chmod 600 {path}");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return Finding.Fault(name, e.Message, "Restore the key from a backup: without it the stored secrets cannot be read.");
        }
    }

    private static Finding? Space(string folder)
    {
        try
        {
            var free = new DriveInfo(Existing(folder)).AvailableFreeSpace;
            var text = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):0.0} GiB free");
            return free < TooLittle ? Finding.Fault("disk space", text, "Free some: with a full disk the database stops taking data.")
                : free < Little ? Finding.Warning("disk space", text, "Plan for more than 2 GiB.")
                : Finding.Ok("disk space", text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string Existing(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        return folder;
    }
}
