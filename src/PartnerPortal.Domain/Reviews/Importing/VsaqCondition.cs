using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>What an id of a questionnaire stands for: an item, or one of its options.</summary>
/// <param name="Key">The item's key.</param>
/// <param name="Kind">The item's kind.</param>
/// <param name="Option">The option's text; null for the item itself.</param>
/// <param name="No">It is the "no" of a question that has only yes and no: here a failed item.</param>
internal sealed record VsaqId(string Key, ItemKind Kind, string? Option, bool No = false);

/// <summary>
/// Conditions of VSAQ, such as <c>(a || b) &amp;&amp; !c/yes</c>, in the words of <see cref="ItemCondition"/>:
/// an option that was chosen, a box that was ticked, a text that was given.
/// </summary>
internal sealed partial class VsaqCondition
{
    private readonly List<string> _tokens;
    private readonly Func<string, VsaqId?> _known;
    private int _at;

    private VsaqCondition(string text, Func<string, VsaqId?> known) => (_tokens, _known) = ([.. Token().Matches(text).Select(t => t.Value)], known);

    /// <summary>Ids that the condition asks about, without what stands behind their slash.</summary>
    public static IReadOnlyList<string> Ids(string text) => [.. Token().Matches(text).Select(t => t.Value).Where(IsName).Select(t => t.Split('/')[0])];

    /// <summary>Translates a condition.</summary>
    /// <exception cref="FormatException">It cannot be read, or speaks of something that is not there; the message says what.</exception>
    public static string Translate(string text, Func<string, VsaqId?> known)
    {
        var reader = new VsaqCondition(text, known);
        var said = reader.Any();
        return reader._at == reader._tokens.Count ? said : throw new FormatException($"“{reader._tokens[reader._at]}” is not expected there");
    }

    private string Any()
    {
        List<string> parts = [All()];
        while (Take("||") || Take("|"))
        {
            parts.Add(All());
        }

        return parts.Count == 1 ? parts[0] : $"({string.Join(" or ", parts)})";
    }

    private string All()
    {
        List<string> parts = [One()];
        while (Take("&&") || Take("&"))
        {
            parts.Add(One());
        }

        return parts.Count == 1 ? parts[0] : $"({string.Join(" and ", parts)})";
    }

    private string One()
    {
        if (Take("!"))
        {
            return "not " + One();
        }

        if (Take("("))
        {
            var inner = Any();
            return Take(")") ? inner : throw new FormatException("a closing parenthesis is missing");
        }

        if (_at == _tokens.Count || !IsName(_tokens[_at]))
        {
            throw new FormatException(_at == _tokens.Count ? "it ends too early" : $"“{_tokens[_at]}” is not expected there");
        }

        var parts = _tokens[_at++].Split('/', 2);
        var id = _known(parts[0]) ?? throw new FormatException($"there is no question or choice “{parts[0]}” before it");
        return Said(id, parts.Length > 1 ? parts[1] : "");
    }

    private static string Said(VsaqId id, string value)
    {
        var no = value is "no" or "false" or "unchecked";
        var said = id switch
        {
            { No: true } => $"{id.Key} is failed",
            { Option: { } option, Kind: ItemKind.SeveralChoices } => $"{id.Key} has \"{option}\"",
            { Option: { } option } => $"{id.Key} = \"{option}\"",
            { Kind: ItemKind.YesNo } => id.Key,
            _ when value.Length > 0 && !no && value is not ("yes" or "true" or "checked") => $"{id.Key} = \"{value}\"",
            _ => $"not {id.Key} is not answered",
        };
        return no ? id.Kind == ItemKind.YesNo ? $"{id.Key} is failed" : "not " + said : said;
    }

    private bool Take(string token)
    {
        if (_at < _tokens.Count && _tokens[_at] == token)
        {
            _at++;
            return true;
        }

        return false;
    }

    private static bool IsName(string token) => char.IsLetterOrDigit(token[0]) || token[0] == '_';

    [GeneratedRegex(@"[A-Za-z0-9_][A-Za-z0-9_.\-/]*|\|\||&&|\S")]
    private static partial Regex Token();
}
