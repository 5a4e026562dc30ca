namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Cuts an expression into tokens as promql/parser/lex.go of Prometheus 2.42 does; blanks and comments are dropped.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] _signs = ["==", "!=", "=~", "!~", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", "{", "}", "[", "]", ",", ":", "@"];

    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _inBraces;
    private bool _inBrackets;

    public static List<Token> Read(string text) => new Lexer(text).Read();

    private List<Token> Read()
    {
        while (SkipBlanks())
        {
            var start = _at;
            var token = text[_at] switch
            {
                '"' or '\'' or '`' => new Token(TokenKind.Quoted, QuotedText.Read(text, ref _at), start),
                '.' or (>= '0' and <= '9') when !_inBraces => NumberOrDuration(),
                var c when char.IsAsciiLetter(c) || c == '_' || (c == ':' && !_inBraces && !_inBrackets) => Word(),
                _ => Sign(),
            };
            _tokens.Add(token);
        }
        _tokens.Add(new Token(TokenKind.End, "", text.Length));
        return _tokens;
    }

    private bool SkipBlanks()
    {
        while (_at < text.Length && (text[_at] is ' ' or '\t' or '\n' or '\r' or '#'))
        {
            if (text[_at] == '#')
                _at = text.IndexOf('\n', _at) is >= 0 and var end ? end : text.Length;
            else
                _at++;
        }
        return _at < text.Length;
    }

    private Token Word()
    {
        var start = _at;
        while (_at < text.Length && (IsAlphanumeric(text[_at]) || (text[_at] == ':' && !_inBraces)))
            _at++;
        var word = text[start.._at];
        var isNumber = !_inBraces && (word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("nan", StringComparison.OrdinalIgnoreCase));
        return new Token(isNumber ? TokenKind.Number : TokenKind.Word, word, start);
    }

    private Token NumberOrDuration()
    {
        var start = _at;
        if (ScanNumber())
            return new Token(TokenKind.Number, text[start.._at], start);
        while (_at < text.Length && IsAlphanumeric(text[_at]))
            _at++;
        var word = text[start.._at];
        return PromDuration.IsShaped(word)
            ? new Token(TokenKind.Duration, word, start)
            : throw new ExpressionRefused($"bad number or duration syntax: \"{word}\"", start);
    }

    private bool ScanNumber()
    {
        var start = _at;
        var hex = text[_at] == '0' && _at + 1 < text.Length && text[_at + 1] is 'x' or 'X';
        if (hex)
            _at += 2;
        Digits(hex);
        if (!hex && _at < text.Length && text[_at] == '.')
        {
            _at++;
            Digits(false);
        }
        if (!hex && _at < text.Length && text[_at] is 'e' or 'E')
        {
            var mantissa = _at++;
            if (_at < text.Length && text[_at] is '+' or '-')
                _at++;
            var exponent = _at;
            Digits(false);
            if (exponent == _at)
                _at = mantissa;
        }
        var bare = _at - start > (hex ? 2 : 0) && !(_at - start == 1 && text[start] == '.');
        return bare && (_at == text.Length || !IsAlphanumeric(text[_at]));
    }

    private void Digits(bool hex)
    {
        while (_at < text.Length && (hex ? char.IsAsciiHexDigit(text[_at]) : char.IsAsciiDigit(text[_at])))
            _at++;
    }

    private Token Sign()
    {
        var start = _at;
        foreach (var sign in _signs)
        {
            if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) != 0)
                continue;
            _at += sign.Length;
            (_inBraces, _inBrackets) = sign switch
            {
                "{" => (true, _inBrackets),
                "}" => (false, _inBrackets),
                "[" => (_inBraces, true),
                "]" => (_inBraces, false),
                _ => (_inBraces, _inBrackets),
            };
            return new Token(TokenKind.Sign, sign, start);
        }
        throw new ExpressionRefused($"unexpected character: '{text[_at]}'", start);
    }

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
