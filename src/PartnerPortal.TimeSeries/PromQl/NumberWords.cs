using System.Globalization;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Numbers in expressions, read as Go's ParseInt with base 0 and, failing that, ParseFloat do.</summary>
internal static class NumberWords
{
    public static bool TryRead(string word, out double value)
    {
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var hex = long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var whole) && whole >= 0;
            value = whole;
            return hex;
        }
        if (word.Length > 1 && word[0] == '0' && word.All(c => c is >= '0' and <= '7') && word.Length <= 21)
        {
            value = word.Aggregate(0L, (sum, digit) => sum * 8 + digit - '0');
            return true;
        }
        value = word.ToLowerInvariant() switch
        {
            "inf" => double.PositiveInfinity,
            "nan" => Samples.OrdinaryNaN,
            _ => 0,
        };
        return value != 0 || double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
    }
}
