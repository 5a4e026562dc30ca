using System.Globalization;
using System.Text.Json;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// A place in a JSON document, in a subset of JSONPath (RFC 9535): <c>$</c> the document, <c>@</c> the current item,
/// <c>.name</c> or <c>['any name']</c> a member, <c>[2]</c> an element from 0 or, negative, from the end, <c>[*]</c> or
/// <c>.*</c> all of them. Beyond the RFC a final <c>~</c> is the name (or number) of the item in what holds it.
/// </summary>
public sealed class JsonPath
{
    private const int Longest = 500;

    private readonly string _text;
    private readonly List<Step> _steps = [];

    private JsonPath(string text) => _text = text;

    /// <summary>Whether the path begins at the current item instead of the document.</summary>
    public bool OfItem { get; private init; }

    /// <summary>Whether the path ends in the item's name instead of its content.</summary>
    public bool IsName { get; private set; }

    /// <summary>Whether it may lead to several places.</summary>
    public bool IsMany => _steps.Exists(s => s.All);

    /// <summary>Whether a text is meant as a path rather than as itself.</summary>
    public static bool IsPath(string text) => text.Length > 0 && text[0] is '$' or '@';

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">With a sentence that says where it goes wrong.</exception>
    public static JsonPath Read(string text)
    {
        if (!IsPath(text) || text.Length > Longest)
            throw new FormatException($"“{Shown(text)}” is not a path: it begins with $ (the document) or @ (the item).");
        var path = new JsonPath(text) { OfItem = text[0] == '@' };
        for (var at = 1; at < text.Length;)
            at = path.ReadStep(at);
        return path;
    }

    /// <summary>All places that the path leads to.</summary>
    public IEnumerable<JsonPlace> Find(JsonPlace from)
    {
        IEnumerable<JsonPlace> found = [from];
        foreach (var step in _steps)
            found = found.SelectMany(step.From);
        return found;
    }

    /// <summary>The path as it was written.</summary>
    public override string ToString() => _text;

    private int ReadStep(int at)
    {
        switch (_text[at])
        {
            case '~' when at == _text.Length - 1:
                IsName = true;
                return at + 1;
            case '.':
                return ReadMember(at + 1);
            case '[' when _text.IndexOf(']', at) is var end and > 0:
                return ReadBrackets(at + 1, end);
            default:
                throw Wrong(at);
        }
    }

    private int ReadMember(int at)
    {
        var end = _text.AsSpan(at).IndexOfAny(".[~");
        end = end < 0 ? _text.Length : at + end;
        var name = _text[at..end];
        if (name.Length == 0)
            throw Wrong(at);
        _steps.Add(name == "*" ? new Step { All = true } : new Step { Name = name });
        return end;
    }

    private int ReadBrackets(int at, int end)
    {
        var quote = _text[at];
        if (quote is '\'' or '"')
        {
            var close = _text.IndexOf($"{quote}]", at + 1, StringComparison.Ordinal);
            if (close < 0)
                throw Wrong(at);
            _steps.Add(new Step { Name = _text[(at + 1)..close] });
            return close + 2;
        }
        var inside = _text[at..end];
        if (inside == "*")
            _steps.Add(new Step { All = true });
        else if (int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            _steps.Add(new Step { Number = number });
        else
            throw Wrong(at);
        return end + 1;
    }

    private FormatException Wrong(int at) => new(
        $"The path “{Shown(_text)}” cannot be read from its character {at + 1} on: .name, ['name'], [0], [*] and a last ~ are understood.");

    private static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private readonly record struct Step
    {
        public string? Name { get; init; }

        public int Number { get; init; }

        public bool All { get; init; }

        public IEnumerable<JsonPlace> From(JsonPlace place)
        {
            var value = place.Value;
            if (All && value.ValueKind == JsonValueKind.Object)
                return value.EnumerateObject().Select(m => new JsonPlace(m.Value, m.Name));
            if (All)
                return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select((v, i) => new JsonPlace(v, Text(i))) : [];
            if (Name is not null)
                return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Name, out var member) ? [new JsonPlace(member, Name)] : [];
            if (value.ValueKind != JsonValueKind.Array)
                return [];
            var at = Number < 0 ? value.GetArrayLength() + Number : Number;
            return at >= 0 && at < value.GetArrayLength() ? [new JsonPlace(value[at], Text(at))] : [];
        }

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>A value in a JSON document and what it is called there.</summary>
/// <param name="Value">The value.</param>
/// <param name="Name">Its name, or its number in a list from 0 on.</param>
public readonly record struct JsonPlace(JsonElement Value, string Name);
