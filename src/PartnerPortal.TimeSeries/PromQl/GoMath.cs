using System.Globalization;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>What Go's mathematics and number texts do differently from .NET's.</summary>
internal static class GoMath
{
    /// <summary>The larger one; infinity wins over NaN.</summary>
    public static double Max(double a, double b) => double.IsPositiveInfinity(a) || double.IsPositiveInfinity(b) ? double.PositiveInfinity : Math.Max(a, b);

    /// <summary>The smaller one; minus infinity wins over NaN.</summary>
    public static double Min(double a, double b) => double.IsNegativeInfinity(a) || double.IsNegativeInfinity(b) ? double.NegativeInfinity : Math.Min(a, b);

    /// <summary>The whole part as 64 bits; what does not fit becomes the smallest number, as on Go's amd64.</summary>
    public static long ToInt64(double value) => value is >= -9.2233720368547758e18 and < 9.2233720368547758e18 ? (long)value : long.MinValue;

    /// <summary>The shortest decimal text without an exponent (strconv.FormatFloat with 'f', -1).</summary>
    public static string Plain(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
            return text;
        var sign = text[0] == '-' ? "-" : "";
        var digits = text[sign.Length..e].Replace(".", "", StringComparison.Ordinal);
        var point = 1 + int.Parse(text.AsSpan(e + 1), CultureInfo.InvariantCulture);
        if (point <= 0)
            return $"{sign}0.{new string('0', -point)}{digits}";
        return digits.Length <= point ? sign + digits.PadRight(point, '0') : $"{sign}{digits[..point]}.{digits[point..]}";
    }
}
