using System.Globalization;
using System.Text;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Texts in single, double or back quotes, with the escapes of Go (util/strutil/quote.go); back-quoted text has none.</summary>
internal static class QuotedText
{
    /// <summary>Reads the text that begins at <paramref name="at"/>, which then stands behind the closing quote.</summary>
    public static string Read(string text, ref int at)
    {
        var start = at;
        var quote = text[at++];
        if (quote == '`')
        {
            var end = text.IndexOf('`', at);
            if (end < 0)
                throw new ExpressionRefused("unterminated raw string", start);
            (var raw, at) = (text[at..end], end + 1);
            return raw;
        }
        // Bytes, since \xC3\xA9 spells one character by its UTF-8.
        var value = new List<byte>();
        while (true)
        {
            if (at >= text.Length || text[at] == '\n')
                throw new ExpressionRefused("unterminated quoted string", start);
            var c = text[at];
            if (c == quote)
                break;
            if (c == '\\')
                Escape(text, ref at, quote, value);
            else
                Append(value, text, ref at);
        }
        at++;
        return Encoding.UTF8.GetString([.. value]);
    }

    private static void Append(List<byte> value, string text, ref int at)
    {
        Span<byte> bytes = stackalloc byte[4];
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        value.AddRange(bytes[..rune.EncodeToUtf8(bytes)]);
        at += length;
    }

    private static void Escape(string text, ref int at, char quote, List<byte> value)
    {
        var start = at++;
        if (at >= text.Length)
            throw new ExpressionRefused("escape sequence not terminated", start);
        var letter = text[at++];
        switch (letter)
        {
            case 'a': value.Add(7); break;
            case 'b': value.Add(8); break;
            case 'f': value.Add(12); break;
            case 'n': value.Add(10); break;
            case 'r': value.Add(13); break;
            case 't': value.Add(9); break;
            case 'v': value.Add(11); break;
            case '\\': value.Add((byte)'\\'); break;
            case 'x': value.Add((byte)Digits(text, ref at, 2, start)); break;
            case 'u': AppendRune(value, Digits(text, ref at, 4, start), start); break;
            case 'U': AppendRune(value, Digits(text, ref at, 8, start), start); break;
            case >= '0' and <= '7':
                at--;
                value.Add(Octal(text, ref at, start));
                break;
            default:
                if (letter != quote)
                    throw new ExpressionRefused($"unknown escape sequence U+{(int)letter:X4} '{letter}'", start);
                value.Add((byte)letter);
                break;
        }
    }

    private static uint Digits(string text, ref int at, int count, int start)
    {
        if (at + count > text.Length || !uint.TryParse(text.AsSpan(at, count), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw new ExpressionRefused($"illegal character in escape sequence: {count} hexadecimal digits are needed", start);
        at += count;
        return code;
    }

    private static byte Octal(string text, ref int at, int start)
    {
        var code = 0;
        for (var i = 0; i < 3; i++, at++)
        {
            if (at >= text.Length || text[at] is < '0' or > '7')
                throw new ExpressionRefused("illegal character in escape sequence: 3 octal digits are needed", start);
            code = code * 8 + text[at] - '0';
        }
        return code <= 255 ? (byte)code : throw new ExpressionRefused("escape sequence is an invalid byte", start);
    }

    private static void AppendRune(List<byte> value, uint code, int start)
    {
        if (!Rune.TryCreate(code, out var rune))
            throw new ExpressionRefused("escape sequence is an invalid Unicode code point", start);
        Span<byte> bytes = stackalloc byte[4];
        value.AddRange(bytes[..rune.EncodeToUtf8(bytes)]);
    }
}
