using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PartnerPortal.TimeSeries.Labels;

/// <summary>Rewrites an expression in RE2's syntax (github.com/google/re2/wiki/Syntax) to what .NET reads with the same meaning.</summary>
internal sealed class RegexDialect
{
    private static readonly SearchValues<char> _counts = SearchValues.Create("0123456789,");

    private readonly string _expression;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly RegexWeight _weight = new();
    private int _at;
    private int _groups;
    private bool _lines;

    public RegexDialect(string expression)
    {
        _expression = expression;
        while (_at < expression.Length)
            Next();
        Rewritten = _text.ToString();
    }

    public string Rewritten { get; }

    /// <summary>The numbers of named groups.</summary>
    public IReadOnlyDictionary<string, int> Names => _names;

    private char Peek(int ahead = 0) => _at + ahead < _expression.Length ? _expression[_at + ahead] : '\0';

    private void Next()
    {
        switch (Peek())
        {
            case '\\':
                _text.Append(Escape(inClass: false));
                _weight.Atom();
                return;
            case '[':
                Class();
                _weight.Atom();
                return;
            case '(':
                Group();
                return;
            case '{' when TakeCount():
                return;
            case '$' when !_lines:
                _text.Append(@"\z");
                break;
            default:
                Weigh();
                _text.Append(Peek());
                break;
        }
        _at++;
    }

    private void Weigh()
    {
        switch (Peek())
        {
            case ')':
                _weight.Close();
                break;
            case '*' or '+' or '?':
                _weight.Repeat(1);
                break;
            default:
                _weight.Atom();
                break;
        }
    }

    /// <summary><c>{3}</c>, <c>{3,}</c> or <c>{3,5}</c>; other braces are themselves.</summary>
    private bool TakeCount()
    {
        var rest = _expression.AsSpan(_at + 1);
        if (rest.IndexOf('}') is not (> 0 and var end) || rest[..end].ContainsAnyExcept(_counts))
            return false;
        var counts = rest[..end].Trim(',');
        if (long.TryParse(counts[(counts.IndexOf(',') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var times))
            _weight.Repeat(Math.Min(times, int.MaxValue));
        _text.Append(_expression.AsSpan(_at, end + 2));
        _at += end + 2;
        return true;
    }

    private void Group()
    {
        _weight.Open();
        var rest = _expression.AsSpan(_at);
        var named = rest.StartsWith("(?P<") ? 4 : rest.StartsWith("(?<") && Peek(3) is not ('=' or '!') ? 3 : 0;
        if (named > 0 && rest.IndexOf('>') is > 0 and var end)
        {
            _names[rest[named..end].ToString()] = ++_groups;
            _text.Append('(');
            _at += end + 1;
            return;
        }
        if (Peek(1) != '?')
            _groups++;
        else
            _lines |= rest[2..].IndexOfAnyExcept("imsU") is var flags && rest.Slice(2, Math.Max(flags, 0)).Contains('m');
        _text.Append('(');
        _at++;
    }

    private void Class()
    {
        _text.Append('[');
        _at++;
        if (Peek() == '^')
            _text.Append(_expression[_at++]);
        // A bracket that stands first is itself.
        if (Peek() == ']')
            (_, _at) = (_text.Append(@"\]"), _at + 1);
        while (_at < _expression.Length && Peek() != ']')
        {
            if (Peek() == '\\')
                _text.Append(Escape(inClass: true));
            else if (!TakePosix())
                _text.Append(Peek() == '[' ? "\\" : "").Append(_expression[_at++]);
        }
    }

    /// <summary><c>[:alpha:]</c> within a class.</summary>
    private bool TakePosix()
    {
        var end = Peek(1) == ':' && Peek() == '[' ? _expression.IndexOf(":]", _at + 2, StringComparison.Ordinal) : -1;
        var characters = end < 0 ? null : _expression[(_at + 2)..end] switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\x00-\x7F",
            "blank" => @"\t ",
            "cntrl" => @"\x00-\x1F\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => null,
        };
        if (characters is null)
            return false;
        _text.Append(characters);
        _at = end + 2;
        return true;
    }

    private string Escape(bool inClass)
    {
        var letter = Peek(1);
        _at += 2;
        switch (letter)
        {
            case '\0':
                throw new ArgumentException("The expression ends with a backslash.");
            case 'd' or 'w' or 's':
                var characters = letter == 'd' ? "0-9" : letter == 'w' ? "0-9A-Za-z_" : @"\t\n\f\r ";
                return inClass ? characters : $"[{characters}]";
            case 'D' or 'W' or 'S' when !inClass:
                return letter == 'D' ? "[^0-9]" : letter == 'W' ? "[^0-9A-Za-z_]" : @"[^\t\n\f\r ]";
            case 'p' or 'P' when Peek() != '{':
                return $@"\{letter}{{{_expression[_at++]}}}";
            case 'Q':
                var end = _expression.IndexOf(@"\E", _at, StringComparison.Ordinal);
                var quoted = end < 0 ? _expression[_at..] : _expression[_at..end];
                _at = end < 0 ? _expression.Length : end + 2;
                return Regex.Escape(quoted);
            case 'x' when Peek() == '{':
                var close = _expression.IndexOf('}', _at);
                if (close < 0 || !int.TryParse(_expression.AsSpan(_at + 1, close - _at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.TryCreate(code, out var rune))
                    throw new ArgumentException("A character in the expression is not written as hexadecimal digits in braces.");
                _at = close + 1;
                return Regex.Escape(rune.ToString());
            default:
                return @"\" + letter;
        }
    }
}
