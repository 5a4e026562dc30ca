namespace PartnerPortal.Domain.Reviews;

/// <summary>How far a review is. How much is answered and how much passed are two numbers, because one number for both hides either.</summary>
/// <param name="Items">All items counted.</param>
/// <param name="Answered">Items with any state but "not answered".</param>
/// <param name="Passed">Items that passed.</param>
/// <param name="Failed">Items that failed.</param>
/// <param name="NotApplicable">Items that do not concern this integration.</param>
public sealed record Progress(int Items, int Answered, int Passed, int Failed, int NotApplicable)
{
    /// <summary>Share of the items that have an answer, 0 to 1.</summary>
    public double AnsweredShare => Items == 0 ? 0 : (double)Answered / Items;

    /// <summary>Share of the items that count (all but the not applicable ones) that passed, 0 to 1; what is unanswered has not passed. Null when nothing counts.</summary>
    public double? PassRate => Items == NotApplicable ? null : (double)Passed / (Items - NotApplicable);

    /// <summary>Counts items by the states of their answers.</summary>
    public static Progress Of(IEnumerable<ChecklistItem> items, Func<string, AnswerState> stateOf)
    {
        var states = items.Select(i => stateOf(i.Key)).ToList();
        return new(
            states.Count,
            states.Count(s => s != AnswerState.NotAnswered),
            states.Count(s => s == AnswerState.Passed),
            states.Count(s => s == AnswerState.Failed),
            states.Count(s => s == AnswerState.NotApplicable));
    }
}
