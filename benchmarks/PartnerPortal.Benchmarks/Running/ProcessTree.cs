using System.Globalization;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>What a process and its children cost so far, as Linux counts it; children that ended are included.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds of processor time of some processes and everything below them.</summary>
    public static double CpuSeconds(IEnumerable<int> roots) => Members(roots).Sum(id => Fields(id) is { } f ? (long.Parse(f[11], CultureInfo.InvariantCulture)
        + long.Parse(f[12], CultureInfo.InvariantCulture) + long.Parse(f[13], CultureInfo.InvariantCulture) + long.Parse(f[14], CultureInfo.InvariantCulture)) / TicksPerSecond : 0);

    /// <summary>Memory of some processes and everything below them that is theirs alone, in bytes: shared buffers count once.</summary>
    public static long Memory(IEnumerable<int> roots) => Members(roots).Sum(id =>
    {
        try
        {
            return File.ReadLines($"/proc/{id}/smaps_rollup").Where(l => l.StartsWith("Pss:", StringComparison.Ordinal))
                .Sum(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024);
        }
        catch (IOException)
        {
            return 0;
        }
    });

    private static HashSet<int> Members(IEnumerable<int> roots)
    {
        var members = roots.ToHashSet();
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Fields: Fields(id))).Where(p => p.Fields is not null).ToDictionary(p => p.Id, p => int.Parse(p.Fields![1], CultureInfo.InvariantCulture));
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var (id, parent) in parents)
                grown |= members.Contains(parent) && members.Add(id);
        }
        return members;
    }

    /// <summary>The fields of /proc/ID/stat after the name, the state first.</summary>
    private static string[]? Fields(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
