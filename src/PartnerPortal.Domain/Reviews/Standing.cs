namespace PartnerPortal.Domain.Reviews;

/// <summary>How one item of a review stands at an instant.</summary>
/// <param name="Item">The item.</param>
/// <param name="Asked">Whether it concerns this partner's tier and its condition holds. What is not asked is neither shown nor counted.</param>
/// <param name="Binds">Whether a bad answer counts: not for information, nor for advice below the level that holds.</param>
/// <param name="State">What became of the answer by now: stale and in error included.</param>
/// <param name="FreshUntil">When the answer becomes stale; null when it does not age or there is none.</param>
/// <param name="Waiver">The approved waiver that holds, or null.</param>
/// <param name="Mismatch">For a target whose two figures do not go together: both in a sentence; null otherwise.</param>
public sealed record Standing(ChecklistItem Item, bool Asked, bool Binds, AnswerState State, DateTimeOffset? FreshUntil, Waiver? Waiver, string? Mismatch = null)
{
    /// <summary>Whether it is answered and the answer can be relied on.</summary>
    public bool IsAnswered => State is not (AnswerState.NotAnswered or AnswerState.Stale or AnswerState.InError);

    /// <summary>Whether it counts in the pass rate.</summary>
    public bool Counts => Asked && Binds && State != AnswerState.NotApplicable && Waiver is null;

    /// <summary>Whether it forbids a go: a failed blocker, or figures that do not go together.</summary>
    public bool Blocks => (Counts && Item.Severity == Severity.Blocker && State == AnswerState.Failed) || (Asked && Mismatch is not null && Waiver is null);

    /// <summary>Whether it is a blocker about which nothing reliable is known.</summary>
    public bool IsOpenBlocker => Counts && Item.Severity == Severity.Blocker && !IsAnswered;
}

/// <summary>How all items of a review stand at an instant: computed, never stored, because freshness and waivers end by themselves.</summary>
public sealed class Standings
{
    private readonly Dictionary<string, Standing> _byKey;

    private Standings(IReadOnlyList<Standing> all, Level? level) => (All, Level, _byKey) = (all, level, all.ToDictionary(s => s.Item.Key));

    /// <summary>Every item of the checklist, in its order.</summary>
    public IReadOnlyList<Standing> All { get; }

    /// <summary>The level that the promised figure chose; null when the checklist has no scale or nobody gave the figure: then everything binds.</summary>
    public Level? Level { get; }

    /// <summary>The items that are asked, in order.</summary>
    public IEnumerable<Standing> Asked => All.Where(s => s.Asked);

    /// <summary>How far the review is.</summary>
    public Progress Progress => Progress.Of(All);

    /// <summary>How an item stands.</summary>
    public Standing this[string key] => _byKey[key];

    /// <summary>The item with this key, or null.</summary>
    public Standing? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Computes how everything stands.</summary>
    /// <param name="checklist">What is asked.</param>
    /// <param name="tier">The tier of the partner, which leaves items out.</param>
    /// <param name="answerTo">The answer to an item, or null.</param>
    /// <param name="waiverOf">The waiver of an item, or null.</param>
    /// <param name="at">The instant.</param>
    /// <param name="mismatches">Sentences about targets whose figures do not go together, by normal subject.</param>
    public static Standings Of(
        Checklist checklist, Partners.Tier tier, Func<string, Answer?> answerTo, Func<string, Waiver?> waiverOf, DateTimeOffset at, IReadOnlyDictionary<string, string>? mismatches = null)
    {
        var level = checklist.Scale is { } scale ? scale.Of(Figure(answerTo(scale.Item))) : null;
        List<Standing> all = [];
        Dictionary<string, SaidAnswer> said = [];
        foreach (var item in checklist.Items)
        {
            var answer = answerTo(item.Key);
            var state = answer?.StateAt(item, at) ?? AnswerState.NotAnswered;
            var asked = (item.Tiers.Count == 0 || item.Tiers.Contains(tier))
                && (item.ShownWhen.Length == 0 || ItemCondition.Parse(item.ShownWhen).Holds(said.GetValueOrDefault));
            if (asked && answer is not null)
            {
                // A condition asks what was said; that it grew old does not hide the items behind it.
                said[item.Key] = new(answer.State, answer.Value);
            }

            var binds = item.Severity != Severity.Info && checklist.Scale?.Binds(item.Level, level) != false;
            var waiver = waiverOf(item.Key) is { } found && found.HoldsAt(at) ? found : null;
            var mismatch = item.Target is { } terms ? mismatches?.GetValueOrDefault(TargetTerms.Normal(terms.Subject)) : null;
            all.Add(new(item, asked, binds, state, answer?.FreshUntil(item), waiver, mismatch));
        }

        return new(all, level);
    }

    private static decimal? Figure(Answer? answer) =>
        decimal.TryParse(answer?.Value, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var figure) ? figure : null;
}
