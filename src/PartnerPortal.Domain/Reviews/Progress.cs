namespace PartnerPortal.Domain.Reviews;

/// <summary>How far a review is. How much is answered and how much passed are two numbers, because one number for both hides either.</summary>
/// <param name="Items">Items that are asked.</param>
/// <param name="Answered">Of these, with an answer that can be relied on: given, fresh, its evidence readable.</param>
/// <param name="Counting">Items that count: they bind, concern this integration, and no waiver holds.</param>
/// <param name="Passed">Of these, passed. What is unanswered, stale or in error has not passed.</param>
/// <param name="Failed">Items that failed and count.</param>
/// <param name="NotApplicable">Items that do not concern this integration.</param>
/// <param name="Stale">Answers that grew too old.</param>
/// <param name="Waived">Items for which a waiver holds.</param>
public sealed record Progress(int Items, int Answered, int Counting, int Passed, int Failed, int NotApplicable, int Stale, int Waived)
{
    /// <summary>Share of the items that are answered, 0 to 1.</summary>
    public double AnsweredShare => Items == 0 ? 0 : (double)Answered / Items;

    /// <summary>Share of the items that count that passed, 0 to 1. Null when nothing counts.</summary>
    public double? PassRate => Counting == 0 ? null : (double)Passed / Counting;

    /// <summary>Counts items by how they stand.</summary>
    public static Progress Of(IEnumerable<Standing> standings)
    {
        var asked = standings.Where(s => s.Asked).ToList();
        return new(
            asked.Count,
            asked.Count(s => s.IsAnswered),
            asked.Count(s => s.Counts),
            asked.Count(s => s.Counts && s.State == AnswerState.Passed),
            asked.Count(s => s.Counts && s.State == AnswerState.Failed),
            asked.Count(s => s.State == AnswerState.NotApplicable),
            asked.Count(s => s.State == AnswerState.Stale),
            asked.Count(s => s.Waiver is not null));
    }
}
