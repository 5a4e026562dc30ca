using System.Globalization;
using System.Text;

namespace PartnerPortal.Domain.Reviews;

/// <summary>What a condition asks of an answer.</summary>
/// <param name="State">How the item stands.</param>
/// <param name="Value">Figure, sentence, or options one a line; null when none was given.</param>
public sealed record SaidAnswer(AnswerState State, string? Value);

/// <summary>
/// When an item is shown, told by answers to items before it. In words:
/// <c>sandbox</c> (passed), <c>sandbox is failed</c>, <c>kind = "webhooks"</c>, <c>ways has "retry"</c>, <c>peak >= 100</c>,
/// joined by <c>and</c>, <c>or</c>, <c>not</c> and parentheses.
/// </summary>
public sealed class ItemCondition
{
    /// <summary>Longest condition, in characters; it also bounds how deep parentheses go.</summary>
    public const int Longest = 500;

    private readonly Func<Func<string, SaidAnswer?>, bool> _holds;

    private ItemCondition(string text, IReadOnlySet<string> mentions, Func<Func<string, SaidAnswer?>, bool> holds) =>
        (Text, Mentions, _holds) = (text, mentions, holds);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Keys of the items that it asks about.</summary>
    public IReadOnlySet<string> Mentions { get; }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="RuleBroken">It cannot be read; the sentence says where.</exception>
    public static ItemCondition Parse(string text)
    {
        if (text.Length > Longest)
        {
            throw new RuleBroken($"The condition is {text.Length} characters long; at most {Longest} can be read. Shorten it.");
        }

        var reader = new Reader(text);
        return new(text.Trim(), reader.Mentions, reader.Whole());
    }

    /// <summary>Whether it holds. An item that is hidden or that nobody answered has no answer.</summary>
    /// <param name="answer">What was said about an item; null when nothing was.</param>
    public bool Holds(Func<string, SaidAnswer?> answer) => _holds(answer);

    // expression = all {"or" all}; all = one {"and" one}; one = "not" one | "(" expression ")" | key [test].
    private sealed class Reader(string text)
    {
        private readonly List<Token> _tokens = Split(text);
        private int _at;

        public HashSet<string> Mentions { get; } = [];

        public Func<Func<string, SaidAnswer?>, bool> Whole()
        {
            var whole = Any();
            return _at == _tokens.Count ? whole : throw Broken($"“{_tokens[_at].Text}” stands where “and”, “or” or the end is expected");
        }

        private Func<Func<string, SaidAnswer?>, bool> Any()
        {
            var left = All();
            while (Take("or"))
            {
                var (first, second) = (left, All());
                left = answers => first(answers) || second(answers);
            }

            return left;
        }

        private Func<Func<string, SaidAnswer?>, bool> All()
        {
            var left = One();
            while (Take("and"))
            {
                var (first, second) = (left, One());
                left = answers => first(answers) && second(answers);
            }

            return left;
        }

        private Func<Func<string, SaidAnswer?>, bool> One()
        {
            if (Take("not"))
            {
                var inner = One();
                return answers => !inner(answers);
            }

            if (Take("("))
            {
                var inner = Any();
                return Take(")") ? inner : throw Broken("a closing parenthesis is missing");
            }

            if (_at == _tokens.Count)
            {
                throw Broken("it ends where the key of an item is expected");
            }

            var key = _tokens[_at++];
            if (key.Quoted || !Partners.Slug.Fits(key.Text))
            {
                throw Broken($"“{key.Text}” stands where the key of an item is expected");
            }

            Mentions.Add(key.Text);
            return Test(key.Text);
        }

        private Func<Func<string, SaidAnswer?>, bool> Test(string key)
        {
            if (Take("is"))
            {
                var state = State();
                return answers => (answers(key)?.State ?? AnswerState.NotAnswered) == state;
            }

            if (Take("has"))
            {
                var option = Literal();
                return answers => Lines(answers(key)?.Value).Contains(option, StringComparer.OrdinalIgnoreCase);
            }

            foreach (var sign in (string[])["=", "!=", ">=", "<=", ">", "<"])
            {
                if (Take(sign))
                {
                    var wanted = Literal();
                    return answers => Compare(sign, answers(key)?.Value, wanted);
                }
            }

            return answers => answers(key)?.State == AnswerState.Passed;
        }

        private AnswerState State()
        {
            // "not applicable" and "in error" are two words.
            foreach (var length in (int[])[2, 1])
            {
                if (_at + length <= _tokens.Count && Words.TryParse<AnswerState>(string.Join(' ', _tokens.Skip(_at).Take(length).Select(t => t.Text)), out var state))
                {
                    _at += length;
                    return state;
                }
            }

            throw Broken($"after “is” stands one of: {string.Join(", ", Words.All<AnswerState>())}");
        }

        private string Literal() => _at < _tokens.Count ? _tokens[_at++].Text : throw Broken("it ends where a value is expected");

        private bool Take(string word)
        {
            if (_at < _tokens.Count && !_tokens[_at].Quoted && string.Equals(_tokens[_at].Text, word, StringComparison.OrdinalIgnoreCase))
            {
                _at++;
                return true;
            }

            return false;
        }

        private static bool Compare(string sign, string? value, string wanted)
        {
            if (value is null)
            {
                return sign == "!=";
            }

            decimal b = 0;
            var figures = decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var a)
                && decimal.TryParse(wanted, NumberStyles.Number, CultureInfo.InvariantCulture, out b);
            var same = figures ? a == b : string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);
            return sign switch
            {
                "=" => same,
                "!=" => !same,
                ">=" => figures && a >= b,
                "<=" => figures && a <= b,
                ">" => figures && a > b,
                _ => figures && a < b,
            };
        }

        private RuleBroken Broken(string why) => new($"The condition “{text.Trim()}” cannot be read: {why}.");

        private static string[] Lines(string? value) => (value ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        private static List<Token> Split(string text)
        {
            List<Token> tokens = [];
            var word = new StringBuilder();
            void End()
            {
                if (word.Length > 0)
                {
                    tokens.Add(new(word.ToString(), false));
                    word.Clear();
                }
            }

            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c == '"')
                {
                    End();
                    var end = text.IndexOf('"', i + 1);
                    if (end < 0)
                    {
                        throw new RuleBroken($"The condition “{text.Trim()}” cannot be read: a quotation mark is missing.");
                    }

                    tokens.Add(new(text[(i + 1)..end], true));
                    i = end;
                }
                else if (c is '≥' or '≤' or '≠')
                {
                    End();
                    tokens.Add(new(c switch { '≥' => ">=", '≤' => "<=", _ => "!=" }, false));
                }
                else if (c is '(' or ')' or '=' or '!' or '<' or '>')
                {
                    End();
                    var two = (c is '!' or '<' or '>') && i + 1 < text.Length && text[i + 1] == '=';
                    tokens.Add(new(two ? text.Substring(i, 2) : c.ToString(), false));
                    i += two ? 1 : 0;
                }
                else if (char.IsWhiteSpace(c))
                {
                    End();
                }
                else
                {
                    word.Append(c);
                }
            }

            End();
            return tokens;
        }
    }

    private sealed record Token(string Text, bool Quoted);
}
