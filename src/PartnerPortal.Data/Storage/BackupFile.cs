using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace PartnerPortal.Data.Storage;

/// <summary>A backup that was opened and found whole: every entry of the manifest is there and hashes to what it says.</summary>
internal sealed class BackupFile : IAsyncDisposable
{
    private readonly ZipArchive _zip;

    private BackupFile(ZipArchive zip, BackupManifest manifest, KeyFile? key) => (_zip, Manifest, Key) = (zip, manifest, key);

    public BackupManifest Manifest { get; }

    public KeyFile? Key { get; }

    public static async Task<BackupFile> OpenAsync(string path, CancellationToken cancel)
    {
        ZipArchive? zip = null;
        try
        {
            zip = await ZipFile.OpenReadAsync(path, cancel);
            var manifest = await ManifestAsync(zip, path, cancel);
            foreach (var table in manifest.Tables)
            {
                await using var entry = await Entry(zip, table.Entry, path).OpenAsync(cancel);
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(entry, cancel)) != table.Sha256)
                {
                    throw new BackupRefusedException($"{path} is damaged: {table.Schema}.{table.Name} is not what was saved. Nothing was changed.");
                }
            }

            return new(zip, manifest, manifest.KeyIncluded ? await KeyAsync(zip, manifest, path, cancel) : null);
        }
        catch (Exception e)
        {
            if (zip is not null)
            {
                await zip.DisposeAsync();
            }

            throw e switch
            {
                FileNotFoundException or DirectoryNotFoundException => new BackupRefusedException($"There is no file {path}.", e),
                InvalidDataException or JsonException => new BackupRefusedException($"{path} is not a backup of a portal, or it is damaged. Nothing was changed.", e),
                UnauthorizedAccessException => new BackupRefusedException($"{path} may not be read by '{Environment.UserName}'.", e),
                _ => e,
            };
        }
    }

    public Task<Stream> OpenAsync(BackupTable table, CancellationToken cancel) => _zip.GetEntry(table.Entry)!.OpenAsync(cancel);

    public ValueTask DisposeAsync() => _zip.DisposeAsync();

    private static ZipArchiveEntry Entry(ZipArchive zip, string name, string path) =>
        zip.GetEntry(name) ?? throw new BackupRefusedException($"{path} is not a whole backup of a portal: {name} is missing. Nothing was changed.");

    private static async Task<BackupManifest> ManifestAsync(ZipArchive zip, string path, CancellationToken cancel)
    {
        await using var entry = await Entry(zip, Backup.ManifestEntry, path).OpenAsync(cancel);
        var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(entry, Backup.Json, cancel);
        return manifest is { Format: BackupManifest.CurrentFormat, Tables: not null, Migrations.Count: > 0, Sequences: not null }
            ? manifest
            : throw new BackupRefusedException($"{path} was written in format {manifest?.Format}; this portal reads format {BackupManifest.CurrentFormat}. Use the portal version that wrote it, or a newer one.");
    }

    private static async Task<KeyFile> KeyAsync(ZipArchive zip, BackupManifest manifest, string path, CancellationToken cancel)
    {
        using var reader = new StreamReader(await Entry(zip, Backup.KeyEntry, path).OpenAsync(cancel));
        var key = KeyFile.FromBackup(await reader.ReadToEndAsync(cancel));
        return key.Fingerprint == manifest.KeyFingerprint ? key : throw new BackupRefusedException($"{path} is damaged: its key is not the one it names. Nothing was changed.");
    }
}
