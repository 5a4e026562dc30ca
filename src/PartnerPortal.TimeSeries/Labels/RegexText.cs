using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PartnerPortal.TimeSeries.Labels;

/// <summary>
/// A regular expression as Prometheus reads it (RE2's syntax), anchored at both ends. It runs in linear time without
/// backtracking, so a hostile one cannot hold a thread. What the two dialects spell alike but mean differently is rewritten:
/// <c>\d \w \s</c> are ASCII, <c>$</c> is the very end, <c>(?P&lt;name&gt;)</c> is numbered like any other group.
/// </summary>
internal sealed class RegexText
{
    private readonly Regex _regex;
    private readonly IReadOnlyDictionary<string, int> _names;

    /// <summary>Makes it; an unreadable or backtracking expression is an <see cref="ArgumentException"/>.</summary>
    public RegexText(string expression)
    {
        var dialect = new RegexDialect(expression);
        _names = dialect.Names;
        try
        {
            _regex = new Regex($@"\A(?:{dialect.Rewritten})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (RegexParseException unreadable)
        {
            // Without the pattern: it is not the one that was written.
            throw new ArgumentException(unreadable.Message[(unreadable.Message.LastIndexOf("' at offset", StringComparison.Ordinal) is >= 0 and var at
                ? unreadable.Message.IndexOf(". ", at, StringComparison.Ordinal) + 2 : 0)..], nameof(expression), unreadable);
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException("Look-around, back references, atomic groups and very large repetitions cannot be used in a label expression.", nameof(expression));
        }
    }

    public bool IsMatch(string value) => _regex.IsMatch(value);

    /// <summary>The template with <c>$1</c>, <c>$name</c> and <c>${name}</c> filled in from the match, or null when there is none.</summary>
    public string? Expand(string value, string template)
    {
        if (_regex.Match(value) is not { Success: true } match)
            return null;
        var text = new StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '$')
                text.Append(template[at]);
            else if (at + 1 < template.Length && template[at + 1] == '$')
                text.Append(template[at++]);
            else
                at = Fill(text, template, at, match);
        }
        return text.ToString();
    }

    private int Fill(StringBuilder text, string template, int at, Match match)
    {
        var (name, end) = Name(template, at + 1);
        text.Append(name.Length == 0 ? "$" : Group(match, name));
        return name.Length == 0 ? at : end - 1;
    }

    private string Group(Match match, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || _names.TryGetValue(name, out number) ? match.Groups[number].Value : "";

    private static (string Name, int End) Name(string template, int start)
    {
        var braced = start < template.Length && template[start] == '{';
        var end = braced ? start + 1 : start;
        while (end < template.Length && (char.IsLetterOrDigit(template[end]) || template[end] == '_'))
            end++;
        if (!braced)
            return (template[start..end], end);
        return end < template.Length && template[end] == '}' ? (template[(start + 1)..end], end + 1) : ("", start);
    }
}
