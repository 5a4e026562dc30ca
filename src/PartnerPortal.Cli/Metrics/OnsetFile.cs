using System.Globalization;

namespace PartnerPortal.Cli.Metrics;

/// <summary>A series as a file of two columns holds it.</summary>
/// <param name="Times">Unix seconds, rising.</param>
/// <param name="Values">What was measured; NaN where the cell is empty.</param>
internal sealed record OnsetFile(double[] Times, double[] Values)
{
    private static readonly string[] TimeNames = ["time", "timestamp", "t"];

    /// <summary>Reads the lines of a file.</summary>
    /// <exception cref="FormatException">A line cannot be read; the sentence names it.</exception>
    public static OnsetFile Read(IReadOnlyList<string> lines)
    {
        var (times, values) = (new List<double>(lines.Count), new List<double>(lines.Count));
        var (timeAt, valueAt) = (0, 1);
        for (var i = 0; i < lines.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            var cells = Cells(lines[i]);
            if (times.Count == 0 && cells.Length >= 2 && !Number(cells[0], out _))
            {
                (timeAt, valueAt) = Columns(cells);
                continue;
            }

            if (cells.Length <= Math.Max(timeAt, valueAt))
            {
                throw Bad(i, "two columns are needed: time and value, separated by a comma.");
            }

            if (!Number(cells[timeAt], out var time) || !double.IsFinite(time))
            {
                throw Bad(i, $"“{cells[timeAt]}” is not a time in unix seconds.");
            }

            if (times.Count > 0 && time <= times[^1])
            {
                throw Bad(i, "its time is not later than the one before.");
            }

            var missing = cells[valueAt].Length == 0 || cells[valueAt].Equals("null", StringComparison.OrdinalIgnoreCase);
            var value = double.NaN;
            if (!missing && !Number(cells[valueAt], out value))
            {
                throw Bad(i, $"“{cells[valueAt]}” is not a number.");
            }

            times.Add(time);
            values.Add(value);
        }

        return times.Count > 0 ? new OnsetFile([.. times], [.. values]) : throw new FormatException("The file holds no values.");
    }

    private static (int Time, int Value) Columns(string[] header)
    {
        var time = Array.FindIndex(header, h => TimeNames.Contains(h, StringComparer.OrdinalIgnoreCase));
        var value = Array.FindIndex(header, h => h.Equals("value", StringComparison.OrdinalIgnoreCase));
        return time >= 0 && value >= 0 ? (time, value) : (0, 1);
    }

    private static string[] Cells(string line) => [.. line.TrimStart('\uFEFF').Split(line.Contains(',', StringComparison.Ordinal) ? ',' : ';').Select(c => c.Trim().Trim('"'))];

    private static bool Number(string cell, out double number)
    {
        // The platform reads NaN and Infinity, Prometheus writes +Inf.
        var text = cell is "+Inf" or "Inf" or "-Inf" ? "NaN" : cell;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static FormatException Bad(int line, string why) => new(string.Create(CultureInfo.InvariantCulture, $"Line {line + 1}: {why}"));
}
