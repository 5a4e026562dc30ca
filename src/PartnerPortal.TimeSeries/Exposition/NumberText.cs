using System.Globalization;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>Numbers as the formats spell them: decimal, exponent, and Inf or NaN in any case; no hex, no underscores, no blanks.</summary>
internal static class NumberText
{
    private const long MaxExact = 1L << 53;

    private static readonly double[] _powers =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    public static bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        // A mantissa below 2^53 and a power of ten up to 22 are both exact doubles, so one division rounds correctly
        // (Clinger 1990). It covers nearly everything that services print.
        long mantissa = 0;
        int i = 0, fraction = 0, digits = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            i = 1;
        for (; i < text.Length && char.IsAsciiDigit((char)text[i]) && mantissa < MaxExact / 16; i++, digits++)
            mantissa = mantissa * 10 + (text[i] - '0');
        if (i < text.Length && text[i] == '.' && digits > 0)
        {
            for (i++; i < text.Length && char.IsAsciiDigit((char)text[i]) && mantissa < MaxExact / 16; i++, fraction++)
                mantissa = mantissa * 10 + (text[i] - '0');
        }
        if (i == text.Length && digits > 0 && fraction < _powers.Length)
        {
            value = mantissa / _powers[fraction];
            if (negative)
                value = -value;
            return true;
        }
        return TryReadSlowly(text, out value);
    }

    public static bool TryReadWhole(ReadOnlySpan<byte> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryReadSlowly(ReadOnlySpan<byte> text, out double value)
    {
        var word = text;
        var sign = 1d;
        if (word.Length > 0 && word[0] is (byte)'+' or (byte)'-')
        {
            sign = word[0] == '-' ? -1 : 1;
            word = word[1..];
        }
        if (System.Text.Ascii.EqualsIgnoreCase(word, "inf"u8) || System.Text.Ascii.EqualsIgnoreCase(word, "infinity"u8))
        {
            value = sign * double.PositiveInfinity;
            return true;
        }
        if (System.Text.Ascii.EqualsIgnoreCase(text, "nan"u8))
        {
            value = Samples.OrdinaryNaN;
            return true;
        }
        value = 0;
        return word.Length > 0 && (char.IsAsciiDigit((char)word[0]) || word[0] == '.')
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
    }
}
