using System.Text;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A place in an expression's text and the small things that are read there. Blanks and comments behind a thing are skipped.</summary>
internal sealed class Cursor(string text)
{
    public int Position { get; private set; }

    public bool AtEnd => Position >= text.Length;

    public char Peek => AtEnd ? '\0' : text[Position];

    public string Shown()
    {
        var end = Position;
        while (end < text.Length && end - Position < 24 && !char.IsWhiteSpace(text[end]))
            end++;
        return text[Position..end];
    }

    public void SkipBlanks()
    {
        while (!AtEnd && (char.IsWhiteSpace(Peek) || Peek == '#'))
        {
            if (Peek == '#')
                Position = text.IndexOf('\n', Position) is >= 0 and var end ? end : text.Length;
            else
                Position++;
        }
    }

    public void Expect(char one, string after)
    {
        if (Peek != one)
            throw new ExpressionRefused(AtEnd ? $"\"{one}\" is missing after {after}." : $"\"{one}\" was expected after {after}, not \"{Shown()}\".", Position);
        Position++;
        SkipBlanks();
    }

    public string Name(bool colons)
    {
        var start = Position;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(Peek) || Peek == '_' || (colons && Peek == ':')) && !(Position == start && char.IsAsciiDigit(Peek)))
            Position++;
        var name = text[start..Position];
        SkipBlanks();
        return name;
    }

    public string Until(params ReadOnlySpan<char> ends)
    {
        var start = Position;
        var length = text.AsSpan(start).IndexOfAny(ends);
        Position = length < 0 ? text.Length : start + length;
        return text[start..Position];
    }

    public MatchKind Comparison()
    {
        var two = text.AsSpan(Position, Math.Min(2, text.Length - Position));
        var (kind, length) = two switch
        {
            "=~" => (MatchKind.Matches, 2),
            "!~" => (MatchKind.DoesNotMatch, 2),
            "!=" => (MatchKind.NotEqual, 2),
            ['=', ..] => (MatchKind.Equal, 1),
            _ => throw new ExpressionRefused("One of = != =~ !~ was expected after the label.", Position),
        };
        Position += length;
        SkipBlanks();
        return kind;
    }

    /// <summary>A text in single, double or back quotes; back-quoted text has no escapes.</summary>
    public string Text()
    {
        var start = Position;
        var quote = Peek;
        if (quote is not ('"' or '\'' or '`'))
            throw new ExpressionRefused("A value in quotes was expected.", start);
        Position++;
        var value = new StringBuilder();
        while (Peek != quote)
        {
            if (AtEnd || (Peek == '\n' && quote != '`'))
                throw new ExpressionRefused("The value has no closing quote.", start);
            if (Peek == '\\' && quote != '`')
                Escape(value, quote);
            else
                value.Append(text[Position++]);
        }
        Position++;
        SkipBlanks();
        return value.ToString();
    }

    private void Escape(StringBuilder value, char quote)
    {
        var start = Position++;
        var letter = Peek;
        Position++;
        _ = letter switch
        {
            'n' => value.Append('\n'),
            't' => value.Append('\t'),
            'r' => value.Append('\r'),
            '\\' => value.Append('\\'),
            'x' => value.Append((char)Hex(2, start)),
            'u' => value.Append((char)Hex(4, start)),
            _ when letter == quote => value.Append(quote),
            _ => throw new ExpressionRefused($"The escape \\{letter} is not known.", start),
        };
    }

    private int Hex(int digits, int start)
    {
        if (Position + digits > text.Length
            || !int.TryParse(text.AsSpan(Position, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
            throw new ExpressionRefused($"The escape needs {digits} hexadecimal digits.", start);
        Position += digits;
        return code;
    }
}
