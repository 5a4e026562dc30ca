using System.Security.Cryptography;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// The key that encrypts stored secrets: 32 bytes, from the setting or from a file in the data directory that is made once.
/// It is never logged and never shown; people see its fingerprint.
/// </summary>
public sealed class KeyFile
{
    /// <summary>The setting as it is spelled in the environment; its value is 32 bytes in Base64.</summary>
    public const string Setting = "Portal__Security__KeyEncryptionKey";

    private const int Length = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private KeyFile(byte[] key, string? path) => (Key, Path) = (key, path);

    /// <summary>The key itself, for the cipher and the backup.</summary>
    internal byte[] Key { get; }

    /// <summary>Where it lies; null when it came from the setting.</summary>
    public string? Path { get; }

    /// <summary>Tells one key from another without giving it away: 16 hexadecimal digits of its hash.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData([.. "portal key "u8, .. Key]))[..16];

    /// <summary>The file of a data directory.</summary>
    public static string PathIn(string dataDirectory) => System.IO.Path.Combine(System.IO.Path.GetFullPath(dataDirectory), "portal.key");

    /// <summary>The key of the setting, else of the file, else null.</summary>
    /// <param name="dataDirectory">The portal's data directory.</param>
    /// <param name="setting">The value of the setting, or null.</param>
    /// <exception cref="FormatException">The setting or the file holds something else; the message names it.</exception>
    public static KeyFile? Read(string dataDirectory, string? setting)
    {
        if (!string.IsNullOrWhiteSpace(setting))
        {
            return new(Parse(setting, Setting), null);
        }

        var path = PathIn(dataDirectory);
        return File.Exists(path) ? new(Parse(File.ReadAllText(path), path), path) : null;
    }

    /// <summary>The key of the setting or the file; makes the file the first time. Two portals that start at once get the same key.</summary>
    /// <inheritdoc cref="Read"/>
    public static KeyFile ReadOrMake(string dataDirectory, string? setting)
    {
        if (Read(dataDirectory, setting) is { } found)
        {
            return found;
        }

        Directory.CreateDirectory(dataDirectory);
        try
        {
            Write(dataDirectory, RandomNumberGenerator.GetBytes(Length), replace: false);
        }
        catch (IOException) when (File.Exists(PathIn(dataDirectory)))
        {
            // Another portal of this data directory was faster.
        }

        return Read(dataDirectory, null)!;
    }

    /// <summary>True when nobody but its owner can read the file. On Windows the folder's rights decide.</summary>
    public static bool IsPrivate(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~OwnerOnly) == 0;

    internal static KeyFile FromBackup(string text) => new(Parse(text, "the backup"), null);

    internal static void Write(string dataDirectory, byte[] key, bool replace)
    {
        var path = PathIn(dataDirectory);
        var unfinished = path + "." + Guid.NewGuid().ToString("N");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(unfinished, options))
            using (var writer = new StreamWriter(file))
            {
                writer.WriteLine(Convert.ToBase64String(key));
            }

            File.Move(unfinished, path, replace);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static byte[] Parse(string text, string source)
    {
        var key = new byte[Length + 1];
        return Convert.TryFromBase64String(text.Trim(), key, out var count) && count == Length
            ? key[..Length]
            : throw new FormatException($"{source} does not hold a key: it must be {Length} bytes in Base64, as made by: head -c 32 /dev/urandom | base64");
    }
}
