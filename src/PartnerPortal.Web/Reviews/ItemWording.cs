using PartnerPortal.Domain;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>How an item of a checklist is described in a line of words.</summary>
public static class ItemWording
{
    /// <summary>Who answers: "us", "the partner", "both sides".</summary>
    public static string Who(Answerer who) => who switch { Answerer.Us => "us", Answerer.Partner => "the partner", _ => "both sides" };

    /// <summary>The kind with its unit: "number in ms"; empty for yes/no.</summary>
    public static string Kind(ChecklistItem item) => item.Kind == ItemKind.YesNo ? "" : item.Kind.Word() + (item.Unit.Length > 0 ? " in " + item.Unit : "");

    /// <summary>What is special about an item, each in a few words: kind, phase, tiers, level, freshness, evidence.</summary>
    public static IEnumerable<string> Marks(ChecklistItem item)
    {
        if (Kind(item) is { Length: > 0 } kind)
        {
            yield return kind;
        }

        if (item.Phase == Phase.BeforeProduction)
        {
            yield return Words.Of(item.Phase);
        }

        if (item.Level is { } level)
        {
            yield return $"binds from level {level}";
        }

        if (item.Tiers.Count > 0)
        {
            yield return $"{string.Join(" and ", item.Tiers.Select(Words.Of))} partners only";
        }

        if (item.EvidenceRequired)
        {
            yield return "needs evidence";
        }

        if (item.FreshForDays is { } days)
        {
            yield return days == 1 ? "fresh for a day" : $"fresh for {days} days";
        }
    }

    /// <summary>What a target's figure is about, in words: "p99 latency ≤ … ms over 5m, kept by the partner".</summary>
    public static string Target(TargetTerms target) =>
        $"{target.Subject} {target.Comparator.Sign()} … {target.Unit}".TrimEnd() + (target.Window is { } window ? $" over {window}" : "") + $", kept by {(target.BoundSide == Side.Ours ? "us" : "the partner")}";

    /// <summary>Whether an item concerns partners of a tier; null asks about all.</summary>
    public static bool Concerns(ChecklistItem item, Tier? tier) => tier is not { } one || item.Tiers.Count == 0 || item.Tiers.Contains(one);
}
