using System.Globalization;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>What was promised and what was measured in this run, for the table at its end.</summary>
internal static class Goals
{
    private static readonly List<(string What, double Goal, double Measured, string Unit)> All = [];

    /// <summary>How many there are so far.</summary>
    public static int Count => All.Count;

    /// <summary>Notes a measurement; true when it is at most the goal.</summary>
    public static bool Keep(string what, double goal, double measured, string unit = "x")
    {
        All.Add((what, goal, measured, unit));
        return !(measured > goal);
    }

    /// <summary>Writes the table; true when every promise was kept.</summary>
    public static bool Write()
    {
        Console.WriteLine($"\n{"what",-66} {"goal",9} {"measured",11}");
        foreach (var (what, goal, measured, unit) in All)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-66} {goal,6:0.00} {unit,-2} {measured,8:0.00} {unit,-2} {(measured <= goal ? "kept" : double.IsNaN(measured) ? "not measured" : "BROKEN")}"));
        return All.TrueForAll(g => g.Measured <= g.Goal);
    }
}
