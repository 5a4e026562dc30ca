using System.Diagnostics;
using System.Globalization;

namespace PartnerPortal.Data.Storage;

/// <summary>What <c>postmaster.pid</c> says about the server of one data folder.</summary>
internal sealed record PostgresProcess(int Id, string StartedAt, int? Port)
{
    /// <summary>The living server of the data folder, or null.</summary>
    public static PostgresProcess? Of(string data) =>
        Named(data) is { } named && (OperatingSystem.IsLinux() ? named.WorksAs(named.Id.ToString(CultureInfo.InvariantCulture)) : Answers(named.Id)) ? named : null;

    /// <summary>
    /// Removes a file that would keep every next server from starting: after a crash its number may belong to a stranger,
    /// or to a zombie that nobody collects. Only when no child of the old server still works on the data.
    /// </summary>
    public static void RemoveStale(string data)
    {
        if (OperatingSystem.IsLinux() && Named(data) is { } named && Directory.Exists("/proc/" + named.Id)
            && !Directory.GetDirectories("/proc").Select(Path.GetFileName).Any(id => named.WorksAs(id!)))
        {
            File.Delete(Path.Combine(data, "postmaster.pid"));
        }
    }

    private static PostgresProcess? Named(string data) => Parse(Read(Path.Combine(data, "postmaster.pid")));

    // Lines: process id, data folder, start time, port; the later ones change while the server starts.
    private static PostgresProcess? Parse(string? text) =>
        text?.Split('\n') is { Length: > 3 } lines && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var id)
            ? new(id, lines[2], int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port) ? port : null)
            : null;

    // The server and its children run in the data folder, so they see the very same file there.
    private bool WorksAs(string id) =>
        char.IsAsciiDigit(id[0]) && Parse(Read($"/proc/{id}/cwd/postmaster.pid")) is { } seen && seen.Id == Id && seen.StartedAt == StartedAt;

    private static bool Answers(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
