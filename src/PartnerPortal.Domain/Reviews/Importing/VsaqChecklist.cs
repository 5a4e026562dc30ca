using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>Google's Vendor Security Assessment Questionnaire: blocks become sections, questions items that the partner answers, tips their why, and conditions conditions.</summary>
internal sealed partial class VsaqChecklist
{
    private const int LongestCondition = 500;
    private readonly ChecklistBuilder _list = new();
    private readonly Dictionary<string, VsaqId> _ids = [];
    private readonly List<string> _path = [];
    private readonly HashSet<string> _opened = [];
    private string _section = "";
    private string _told = "";
    private string? _last;

    public static ImportedChecklist Read(string text, string? name)
    {
        using var json = JsonText.Parse(text);
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("questionnaire", out var questionnaire) || questionnaire.ValueKind != JsonValueKind.Array)
        {
            throw ChecklistFile.Refused("This JSON is no VSAQ questionnaire: it has no list called “questionnaire”.");
        }

        var reader = new VsaqChecklist();
        var blocks = questionnaire.EnumerateArray().ToList();
        if (blocks is [var only] && only.Said("type") == "block")
        {
            reader._list.Title = Plain(only.Said("text"));
            reader.TakeAll(only, "questionnaire[0]", only.Said("cond"));
        }
        else
        {
            for (var i = 0; i < blocks.Count; i++)
            {
                reader.Take(blocks[i], string.Create(CultureInfo.InvariantCulture, $"questionnaire[{i}]"), "");
            }
        }

        return reader._list.Whole(ChecklistFormat.Vsaq, name, "This questionnaire holds no question.");
    }

    private static string Plain(string html) => MarkdownText.Plain(WebUtility.HtmlDecode(Tag().Replace(Break().Replace(html, " "), "")));

    private static string And(string outer, string inner) => outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"({outer}) && ({inner})";

    private void TakeAll(JsonElement block, string place, string condition)
    {
        if (block.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in items.EnumerateArray())
            {
                Take(item, string.Create(CultureInfo.InvariantCulture, $"{place}.items[{index++}]"), condition);
            }
        }
    }

    private void Take(JsonElement item, string place, string outer)
    {
        var condition = And(outer, item.Said("cond"));
        var text = Plain(item.Said("text"));
        switch (item.Said("type"))
        {
            case "block":
                _path.Add(text);
                _told = "";
                TakeAll(item, place, condition);
                _path.RemoveAt(_path.Count - 1);
                break;
            case "info":
                Tell(text);
                break;
            case "tip":
                Tip(item, text, place);
                break;
            case "radiogroup":
                Choose(item, ItemKind.SingleChoice, text, condition, place);
                break;
            case "checkgroup":
                Choose(item, ItemKind.SeveralChoices, text, condition, place);
                break;
            case "check" or "yesno" or "checkbox":
                Ask(item, ItemKind.YesNo, text, condition, place);
                break;
            case "line" or "box" or "groupitem":
                Ask(item, item.Said("inputType") == "number" ? ItemKind.Number : ItemKind.Text, text, condition, place);
                break;
            case "date":
                Ask(item, ItemKind.Date, text, condition, place);
                break;
            case "upload":
                Ask(item, ItemKind.Evidence, text, condition, place);
                break;
            case "spacer":
                break;
            case var type:
                _list.Note(place, type.Length == 0 ? "This has no type and was left out." : $"“{ChecklistBuilder.Fit(type, 40)}” is no kind of question that is known here and was left out.");
                break;
        }
    }

    private void Tell(string text)
    {
        OpenSection();
        _told = text;
        _list.About(text);
    }

    private void Choose(JsonElement item, ItemKind kind, string text, string condition, string place)
    {
        var choices = item.TryGetProperty("choices", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object).SelectMany(c => c.EnumerateObject()).Select(c => (Id: c.Name, Text: ChecklistBuilder.Fit(Plain(c.Value.ToString()).Replace('"', '\''), 200))).ToList()
            : [];
        var options = choices.Select(c => c.Text).Where(t => t.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Take(50).ToList();
        var plainly = kind == ItemKind.SingleChoice && options is [var yes, var no] && yes.Equals("yes", StringComparison.OrdinalIgnoreCase) && no.Equals("no", StringComparison.OrdinalIgnoreCase);
        kind = options.Count < 2 || plainly ? ItemKind.YesNo : kind;
        if (text.Length == 0 && options.Count == 1)
        {
            text = options[0];
        }

        if (Ask(item, kind, text, condition, place, kind == ItemKind.YesNo ? null : options) is { } key)
        {
            foreach (var (id, option) in choices)
            {
                _ids[id] = new(key, kind, kind == ItemKind.YesNo ? null : option, No: plainly && option.Equals("no", StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    private string? Ask(JsonElement item, ItemKind kind, string text, string condition, string place, IReadOnlyList<string>? options = null)
    {
        OpenSection();
        text = text.Length > 0 ? text : _told.Length > 0 ? _told : _path.LastOrDefault() ?? "";
        if (text.Length == 0)
        {
            _list.Note(place, "A question without a text was left out.");
            return null;
        }

        var key = _list.KeyFor(item.Said("id"), text);
        _list.Add(
            new ItemDraft
            {
                Key = key,
                Question = text,
                Who = "partner",
                Kind = kind.Word(),
                Options = options is null ? null : [.. options],
                ShownWhen = Condition(condition, place),
                EvidenceRequired = kind == ItemKind.Evidence ? true : null,
            },
            place);
        (_last, _told) = (key, "");
        if (item.Said("id") is { Length: > 0 } id)
        {
            _ids[id] = new(key, kind, null);
        }

        return key;
    }

    private string? Condition(string condition, string place)
    {
        if (condition.Length == 0)
        {
            return null;
        }

        try
        {
            var said = VsaqCondition.Translate(condition, _ids.GetValueOrDefault);
            said = said is ['(', .. var inner, ')'] && Closes(inner) ? inner : said;
            return said.Length <= LongestCondition ? said : throw new FormatException($"it is longer than {LongestCondition} characters");
        }
        catch (FormatException e)
        {
            _list.Note(place, $"The condition “{ChecklistBuilder.Fit(condition, 80)}” was left out, so this is always asked: {e.Message}.");
            return null;
        }
    }

    // Whether the parentheses around this may go: no ")" in it closes the first one.
    private static bool Closes(string inner)
    {
        var depth = 0;
        return inner.All(c => (depth += c switch { '(' => 1, ')' => -1, _ => 0 }) >= 0);
    }

    private void Tip(JsonElement tip, string text, string place)
    {
        var about = VsaqCondition.Ids(tip.Said("cond")).LastOrDefault(_ids.ContainsKey);
        var key = about is null ? _last : _ids[about].Key;
        if (key is null)
        {
            _list.Note(place, "A tip before any question was left out.");
            return;
        }

        var said = about is null ? null : _ids[about];
        _list.Amend(key, item => item with
        {
            Why = ChecklistBuilder.Append(item.Why, text),
            Severity = TableColumns.Severity(tip.Said("severity")) ?? item.Severity,
            Good = said?.Option is { } option && said.Kind is ItemKind.SingleChoice or ItemKind.SeveralChoices
                ? ChecklistBuilder.Append(item.Good, tip.Said("cond").Contains('!' + about!, StringComparison.Ordinal) ? $"“{said.Option}” is the answer, or among the answers." : $"Another answer than “{said.Option}”.")
                : item.Good,
        });
    }

    private void OpenSection()
    {
        var title = string.Join(": ", _path.Where(t => t.Length > 0));
        if (title != _section || _list.OpenSection is null)
        {
            _section = title;
            // Questions after a nested block stay behind it, since conditions ask about what stands above.
            _list.Section(_opened.Add(title) || title.Length == 0 ? title : $"{title} (continued)");
        }
    }

    [GeneratedRegex("<br ?/?>|</p>|</li>", RegexOptions.IgnoreCase)]
    private static partial Regex Break();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
