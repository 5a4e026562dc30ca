using System.IO.Compression;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>Reads a zip archive of Markdown files in bounded memory: what it claims about its sizes is not believed.</summary>
public static class RunbookArchive
{
    /// <summary>Most files of one import.</summary>
    public const int MostFiles = 500;

    /// <summary>Most bytes of one import, counted after decompression.</summary>
    public const long MostBytes = 30_000_000;

    /// <summary>Whether the bytes begin like a zip archive.</summary>
    public static bool IsZip(ReadOnlySpan<byte> bytes) => bytes is [0x50, 0x4B, 0x03 or 0x05, 0x04 or 0x06, ..];

    /// <summary>Every file of the archive that could be meant as a runbook, folders and hidden files apart.</summary>
    /// <exception cref="FieldsRefused">The archive cannot be opened, or holds too much.</exception>
    public static IReadOnlyList<RunbookFile> Read(string name, byte[] bytes)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            var entries = archive.Entries.Where(e => e.Name.Length > 0 && !Hidden(e.FullName)).ToList();
            if (entries.Count > MostFiles)
            {
                throw new FieldsRefused("files", $"“{name}” holds {entries.Count} files; at most {MostFiles} are read at once. Import it in parts.");
            }

            var left = MostBytes;
            return [.. entries.Select(e => ReadEntry(e, ref left))];
        }
        catch (InvalidDataException)
        {
            throw new FieldsRefused("files", $"“{name}” is not a zip archive that can be opened. Make it again, or choose the files themselves.");
        }
    }

    private static RunbookFile ReadEntry(ZipArchiveEntry entry, ref long left)
    {
        var buffer = new byte[RunbookFile.LargestBytes + 1];
        int length;
        try
        {
            using var stream = entry.Open();
            length = stream.ReadAtLeast(buffer, (int)Math.Min(buffer.Length, left + 1), throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            return RunbookFile.Refuse(entry.FullName, "It cannot be unpacked: the archive is damaged here or uses a method that is not known.");
        }

        left -= length;
        if (left < 0)
        {
            throw new FieldsRefused("files", $"Unpacked, these files are larger than {MostBytes / 1_000_000} MB. Import them in parts.");
        }

        return RunbookFile.Read(entry.FullName, buffer.AsSpan(0, length));
    }

    private static bool Hidden(string path) => path.Split('/').Any(p => p.StartsWith('.') || p == "__MACOSX");
}
