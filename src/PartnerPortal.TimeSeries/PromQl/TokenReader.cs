namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>A place in the tokens of an expression, and the small things that are read there.</summary>
internal sealed class TokenReader(string text)
{
    public const string Braces = "label matching";

    private readonly List<Token> _tokens = Lexer.Read(text);
    private int _at;

    public Token Next => _tokens[_at];

    public Token Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    public Token Take()
    {
        var token = Next;
        if (token.Kind != TokenKind.End)
            _at++;
        return token;
    }

    public bool TakeIf(string sign)
    {
        if (!Next.Is(sign))
            return false;
        _at++;
        return true;
    }

    public bool TakeWord(string word)
    {
        if (!Next.IsWord(word))
            return false;
        _at++;
        return true;
    }

    public Token Expect(string sign, string where) => Next.Is(sign) ? Take() : throw (Next.Kind, sign) switch
    {
        (TokenKind.End, ")") => new ExpressionRefused("unclosed left parenthesis", Next.Position),
        (TokenKind.End, "]") => new ExpressionRefused("unclosed left bracket", Next.Position),
        _ => Unexpected(where, $"expected \"{sign}\""),
    };

    /// <param name="where">The part of an expression that is read.</param>
    /// <param name="wanted">What could have stood here.</param>
    public ExpressionRefused Unexpected(string where, string? wanted = null) => Next.Kind == TokenKind.End && where == Braces
        ? new("unexpected end of input inside braces", Next.Position)
        : new($"unexpected {Next.Shown}{(where.Length > 0 ? " in " + where : "")}{(wanted is null ? "" : ", " + wanted)}", Next.Position);

    /// <summary>A duration longer than nothing, in milliseconds.</summary>
    public TimeSpan Duration(string where)
    {
        if (Next.Kind != TokenKind.Duration)
            throw Unexpected(where, "expected a duration such as 5m");
        var token = Take();
        return PromDuration.TryRead(token.Text, out var duration)
            ? duration
            : throw new ExpressionRefused(token.Text.Any(c => c is >= '1' and <= '9') ? "duration out of range" : "duration must be greater than 0", token.Position);
    }

    /// <summary>Names of labels in brackets, a comma after the last one allowed.</summary>
    public IReadOnlyList<string> LabelNames()
    {
        const string Where = "grouping opts";
        Expect("(", Where);
        var names = new List<string>();
        while (!Next.Is(")"))
        {
            if (Next.Kind != TokenKind.Word || !Labels.Label.IsLabelName(Next.Text))
                throw Unexpected(Where, "expected label");
            names.Add(Take().Text);
            if (!TakeIf(","))
                break;
        }
        Expect(")", Where);
        return names;
    }

    /// <summary>A number as Prometheus reads it: whole ones also in hexadecimal, and in octal when they begin with 0.</summary>
    public double Number()
    {
        var token = Take();
        return NumberWords.TryRead(token.Text, out var value) ? value : throw new ExpressionRefused($"error parsing number: \"{token.Text}\"", token.Position);
    }
}
