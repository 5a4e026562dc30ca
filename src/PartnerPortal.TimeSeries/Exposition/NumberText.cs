using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>Numbers as the formats spell them: decimal, exponent, and Inf or NaN in any case; no hex, no underscores, no blanks.</summary>
internal static class NumberText
{
    /// <summary>The longest spelling that is looked for behind a value's place on a page.</summary>
    public const int Longest = 64;

    private const ulong MaxExact = 1UL << 53;

    private static readonly double[] _powers =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Reads a text that is a number and nothing else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value) =>
        (Decimal(text, out value) is var length && length == text.Length && length > 0) || TryReadSlowly(text, out value);

    /// <summary>Reads the number at the start of a text, up to a blank or line end: its length, or 0 when there is no number or its end is not there yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadFirst(ReadOnlySpan<byte> text, out double value)
    {
        var length = Decimal(text, out value);
        return length > 0 && length < text.Length && text[length] <= ' ' ? length : ReadFirstSlowly(text, out value);
    }

    public static bool TryReadWhole(ReadOnlySpan<byte> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>
    /// Reads a decimal as far as it goes; 0 when it must be read slowly. A whole number up to 2^53 and a power of ten up to 22 are
    /// both exact doubles, so one division rounds correctly (Clinger 1990); it covers nearly everything that services print.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Decimal(ReadOnlySpan<byte> text, out double value)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        var at = text.Length > 0 && first == '-' ? 1 : 0;
        var begin = at;
        ulong whole = 0;
        while (at < text.Length && (uint)(Unsafe.Add(ref first, at) - '0') is <= 9 and var digit)
        {
            whole = whole * 10 + digit;
            at++;
        }
        var digits = at - begin;
        var fraction = 0;
        if (digits > 0 && at < text.Length && Unsafe.Add(ref first, at) == '.')
        {
            var point = ++at;
            while (at < text.Length && (uint)(Unsafe.Add(ref first, at) - '0') is <= 9 and var digit)
            {
                whole = whole * 10 + digit;
                at++;
            }
            fraction = at - point;
        }
        // Up to 19 digits cannot overflow.
        if (digits == 0 || digits + fraction > 19)
        {
            value = 0;
            return 0;
        }
        if (whole > MaxExact || (at < text.Length && Unsafe.Add(ref first, at) > ' '))
            return Large(text, at, whole, fraction, out value);
        value = fraction == 0 ? whole : whole / _powers[fraction];
        if (begin > 0)
            value = -value;
        return at;
    }

    /// <summary>A decimal with many digits or an exponent, of which the digits are read.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Large(ReadOnlySpan<byte> text, int at, ulong whole, int fraction, out double value)
    {
        var power = -fraction;
        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            var negative = at < text.Length && text[at] == '-';
            if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
                at++;
            var (begin, exponent) = (at, 0);
            for (; at < text.Length && at - begin < 4 && char.IsAsciiDigit((char)text[at]); at++)
                exponent = exponent * 10 + text[at] - '0';
            power += negative ? -exponent : exponent;
            if (at == begin)
                power = int.MaxValue;
        }
        if (!DecimalPower.TryScale(whole, power, out value))
            return 0;
        if (text[0] == '-')
            value = -value;
        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadFirstSlowly(ReadOnlySpan<byte> text, out double value)
    {
        var end = text[..Math.Min(text.Length, Longest)].IndexOfAny((byte)' ', (byte)'\t', (byte)'\n');
        value = 0;
        return end > 0 && TryReadSlowly(text[..end], out value) ? end : 0;
    }

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
