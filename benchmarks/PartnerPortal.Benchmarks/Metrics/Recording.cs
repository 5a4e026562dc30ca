using System.Globalization;
using System.IO.Compression;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>Pages that a real service answered over a while, one packed file per page, named by its instant in milliseconds.</summary>
internal sealed record Recording(string Name, string Folder)
{
    /// <summary>The services of a folder that bench record made.</summary>
    public static List<Recording> Open(string folder) => !Directory.Exists(folder)
        ? throw new Running.CannotRun($"There is no folder {folder}. Make one: ./portal bench record --url http://localhost:9100/metrics --seconds 3600")
        : [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(d => new Recording(Path.GetFileName(d), d)).Where(r => r.Pages().Any())];

    /// <summary>All pages in order of time.</summary>
    public IEnumerable<(long Time, byte[] Page)> Pages()
    {
        foreach (var file in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
        {
            if (!long.TryParse(Path.GetFileName(file).Split('.')[0], CultureInfo.InvariantCulture, out var time))
                continue;
            if (!file.EndsWith(".gz", StringComparison.Ordinal))
            {
                yield return (time, File.ReadAllBytes(file));
                continue;
            }

            using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var page = new MemoryStream();
            packed.CopyTo(page);
            yield return (time, page.ToArray());
        }
    }

    /// <summary>Keeps one page.</summary>
    public async Task KeepAsync(long time, byte[] page, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder);
        await using var packed = new GZipStream(File.Create(Path.Combine(Folder, time.ToString(CultureInfo.InvariantCulture) + ".txt.gz")), CompressionLevel.Fastest);
        await packed.WriteAsync(page, cancel);
    }
}
