using System.Globalization;
using System.Text;

namespace PartnerPortal.Web.Metrics;

/// <summary>Numbers and times as Prometheus's API writes them (util/jsonutil of Prometheus 2.42), straight into UTF-8.</summary>
internal static class PrometheusNumbers
{
    /// <summary>The most bytes that a value or a time takes.</summary>
    public const int Longest = 40;

    /// <summary>The most bytes that a time takes.</summary>
    public const int LongestTime = 22;

    /// <summary>The most bytes that a value without exponent takes.</summary>
    public const int LongestPlain = 360;

    private const double MostExact = 1e15;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    private static readonly double[] _powers = [1, 10, 100, 1000, 10_000];

    /// <summary>The shortest decimal text that reads as the same value; an exponent only below 1e-6 and from 1e21.</summary>
    /// <param name="value">The value.</param>
    /// <param name="to">Where it is written; <see cref="LongestPlain"/> bytes when it is <paramref name="plain"/>.</param>
    /// <param name="plain">Never an exponent, as Prometheus writes a scalar.</param>
    public static int Write(double value, Span<byte> to, bool plain = false)
    {
        if (double.IsNaN(value))
        {
            return Copy("NaN"u8, to);
        }

        if (double.IsInfinity(value))
        {
            return Copy(value > 0 ? "+Inf"u8 : "-Inf"u8, to);
        }

        return WriteShort(value, to) is > 0 and var length ? length : WriteAny(value, to, plain);
    }

    /// <summary>Seconds since 1970, with three decimals when it is not a whole second.</summary>
    public static int WriteTime(long milliseconds, Span<byte> to)
    {
        var at = 0;
        if (milliseconds < 0)
        {
            to[at++] = (byte)'-';
        }

        var (seconds, rest) = Math.DivRem(Math.Abs(milliseconds), 1000);
        at += WriteDigits((ulong)seconds, to[at..]);
        if (rest != 0)
        {
            to[at++] = (byte)'.';
            to[at++] = (byte)('0' + rest / 100);
            to[at++] = (byte)('0' + rest / 10 % 10);
            to[at++] = (byte)('0' + rest % 10);
        }

        return at;
    }

    /// <summary>
    /// Values of at most four decimals, which most are: a whole number below 1e15 divided by a power of ten that gives back the
    /// value is its shortest text, since doubles hold 15 digits apart. 0 when the value is none of them.
    /// </summary>
    private static int WriteShort(double value, Span<byte> to)
    {
        for (var decimals = 0; decimals < _powers.Length; decimals++)
        {
            var scaled = value * _powers[decimals];
            if (!(Math.Abs(scaled) < MostExact))
            {
                return 0;
            }

            var whole = Math.Round(scaled);
            if (whole / _powers[decimals] == value)
            {
                return WriteScaled(value, (long)Math.Abs(whole), decimals, to);
            }
        }

        return 0;
    }

    private static int WriteScaled(double value, long whole, int decimals, Span<byte> to)
    {
        var at = 0;
        if (double.IsNegative(value))
        {
            to[at++] = (byte)'-';
        }

        var (front, rest) = Math.DivRem(whole, (long)_powers[decimals]);
        at += WriteDigits((ulong)front, to[at..]);
        if (decimals == 0)
        {
            return at;
        }

        to[at++] = (byte)'.';
        for (var power = (long)_powers[decimals - 1]; power > 0; power /= 10)
        {
            to[at++] = (byte)('0' + rest / power % 10);
        }

        return at;
    }

    /// <summary>A whole number, two digits at a time: an answer holds thousands of them.</summary>
    public static int WriteDigits(ulong value, Span<byte> to)
    {
        Span<byte> digits = stackalloc byte[20];
        var at = digits.Length;
        while (value >= 100)
        {
            (value, var two) = Math.DivRem(value, 100);
            at -= 2;
            Pairs.Slice(2 * (int)two, 2).CopyTo(digits[at..]);
        }

        if (value >= 10)
        {
            at -= 2;
            Pairs.Slice(2 * (int)value, 2).CopyTo(digits[at..]);
        }
        else
        {
            digits[--at] = (byte)('0' + value);
        }

        digits[at..].CopyTo(to);
        return digits.Length - at;
    }

    private static int WriteAny(double value, Span<byte> to, bool plain)
    {
        value.TryFormat(to, out var length, "R", CultureInfo.InvariantCulture);
        var exponent = to[..length].IndexOf((byte)'E');
        return exponent < 0 ? length : Copy(Encoding.ASCII.GetBytes(Respelled(Encoding.ASCII.GetString(to[..length]), exponent, plain)), to);
    }

    /// <summary>.NET begins with exponents earlier than Go, and spells them E+21 and E-07.</summary>
    private static string Respelled(string text, int at, bool plain)
    {
        var exponent = int.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture);
        if (!plain && exponent is (< -6 or >= 21))
        {
            return $"{text[..at]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }

        var sign = text[0] == '-' ? "-" : "";
        var digits = text[sign.Length..at].Replace(".", "", StringComparison.Ordinal);
        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        return digits.Length <= exponent + 1 ? sign + digits.PadRight(exponent + 1, '0') : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }
}
