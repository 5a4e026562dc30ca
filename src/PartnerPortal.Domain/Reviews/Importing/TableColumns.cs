namespace PartnerPortal.Domain.Reviews.Importing;

/// <summary>What a column of a table means, told by its heading.</summary>
internal static class TableColumns
{
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["section"] = ["section", "category", "chapter", "chaptername", "area", "topic", "group", "theme", "domain"],
        ["subsection"] = ["subsection", "subcategory", "sectionname", "subtopic"],
        ["key"] = ["key", "id", "guid", "reqid", "ref", "reference no", "number", "no", "nr"],
        ["name"] = ["name", "checkname", "title", "shortname", "checkpoint"],
        ["question"] = ["question", "questions", "item", "requirement", "control", "text", "description", "shortdescription", "task", "check", "checks", "reqdescription", "criterion", "criteria", "whattocheck"],
        ["who"] = ["who", "answeredby", "whoanswers", "side", "answerer"],
        ["severity"] = ["severity", "priority", "importance", "criticality", "risk"],
        ["kind"] = ["kind", "type", "itemkind", "answertype"],
        ["unit"] = ["unit", "units"],
        ["options"] = ["options", "choices"],
        ["why"] = ["why", "rationale", "reason", "whyitmatters", "background"],
        ["good"] = ["good", "agoodanswer", "goodanswer", "guidance", "recommendation", "expected", "example", "examples", "howto", "remediation"],
        ["link"] = ["link", "links", "url", "reference", "references", "source"],
        ["phase"] = ["phase"],
        ["evidence"] = ["evidencerequired", "needsevidence"],
        ["fresh"] = ["freshfordays", "freshdays"],
        ["shownwhen"] = ["shownwhen", "condition"],
        ["tiers"] = ["tiers", "tier"],
    };

    private static readonly Dictionary<string, string> Roles = Known.SelectMany(k => k.Value.Select(w => (Word: w, k.Key))).ToDictionary(w => w.Word, w => w.Key);

    /// <summary>Whether a first line names columns.</summary>
    public static bool LooksLikeHeader(string line) => Of([.. line.Split([',', ';', '\t']).Select(c => c.Trim('"', ' ', '\r'))]).ContainsKey("question");

    /// <summary>Column by role; the first of each. Without a column for the question, one for a name takes its place.</summary>
    public static Dictionary<string, int> Of(IReadOnlyList<string> headings)
    {
        Dictionary<string, int> found = [];
        for (var column = 0; column < headings.Count; column++)
        {
            if (Roles.TryGetValue(Plain(headings[column]), out var role))
            {
                found.TryAdd(role, column);
            }
        }

        if (!found.ContainsKey("question") && found.Remove("name", out var name) && found.Count > 0)
        {
            found["question"] = name;
        }

        return found;
    }

    /// <summary>The severity of a word as other lists use it; null when it is none.</summary>
    public static string? Severity(string word) => Plain(word) switch
    {
        "blocker" or "critical" or "must" or "p0" or "showstopper" => "blocker",
        "major" or "high" or "p1" or "should" or "important" => "major",
        "minor" or "medium" or "moderate" or "p2" or "could" => "minor",
        "info" or "low" or "informational" or "p3" or "nicetohave" or "optional" => "info",
        _ => null,
    };

    /// <summary>Letters and digits in lower case.</summary>
    public static string Plain(string heading) => new([.. heading.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>Whether a cell is a mere mark: yes, x, ✓, or nothing.</summary>
    public static bool IsMark(string cell) => cell is "" or "-" or "–" || IsYes(cell) || cell.ToLowerInvariant() is "no" or "n" or "false" or ":x:" or "✗" or "❌";

    /// <summary>Whether a mark says yes.</summary>
    public static bool IsYes(string cell) => cell.ToLowerInvariant() is "x" or "yes" or "y" or "true" or "✓" or "✔" or "✔️" or "✅" or "☑" or ":white_check_mark:" or ":heavy_check_mark:";
}
