using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Durations as PromQL spells them: <c>5m</c>, <c>1h30m</c>, <c>500ms</c>; a year has 365 days, a week 7.</summary>
public static partial class PromDuration
{
    private static readonly (string Unit, long Milliseconds)[] _units =
        [("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>Reads a duration longer than zero, units falling, each at most once.</summary>
    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var match = Shape().Match(text);
        if (!match.Success)
            return false;
        decimal sum = 0;
        for (var i = 0; i < _units.Length; i++)
        {
            if (match.Groups[i + 1] is { Success: true, Length: < 18 } digits)
                sum += decimal.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) * _units[i].Milliseconds;
            else if (match.Groups[i + 1].Success)
                return false;
        }
        if (sum <= 0 || sum > 3_153_600_000_000) // a century
            return false;
        duration = TimeSpan.FromMilliseconds((long)sum);
        return true;
    }

    /// <summary>Whether a text has the shape of a duration, nothing included.</summary>
    public static bool IsShaped(string text) => Shape().IsMatch(text);

    /// <summary>The shortest spelling without years and weeks: <c>1h30m</c>.</summary>
    public static string Show(TimeSpan duration)
    {
        var left = (long)duration.TotalMilliseconds;
        var text = new StringBuilder();
        foreach (var (unit, length) in _units.AsSpan(2))
        {
            if (left / length is > 0 and var count)
                text.Append(count).Append(unit);
            left %= length;
        }
        return text.Length == 0 ? "0s" : text.ToString();
    }

    [GeneratedRegex("^(?=[0-9])(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$")]
    private static partial Regex Shape();
}
