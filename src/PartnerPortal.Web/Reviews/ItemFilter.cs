using System.Globalization;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>Which items a page shows; stands in the address.</summary>
public enum ItemFilter
{
    /// <summary>Every item.</summary>
    All,

    /// <summary>Items that nobody has answered.</summary>
    Unanswered,

    /// <summary>Items that failed.</summary>
    Failed,

    /// <summary>Items that alone can stop the partnership.</summary>
    Blockers,

    /// <summary>Answers that grew too old, or whose evidence cannot be read.</summary>
    Stale,

    /// <summary>Items that our side answers.</summary>
    Ours,

    /// <summary>Items that the partner answers.</summary>
    Partners,

    /// <summary>Items whose answer I gave last.</summary>
    Mine,
}

/// <summary>Applies an <see cref="ItemFilter"/>.</summary>
public static class ItemFilters
{
    /// <summary>Whether an item in this state is shown.</summary>
    /// <param name="filter">What is looked for.</param>
    /// <param name="item">The item.</param>
    /// <param name="state">How it stands.</param>
    /// <param name="answer">What was said about it.</param>
    /// <param name="me">Who looks: a mail address.</param>
    public static bool Shows(this ItemFilter filter, ChecklistItem item, AnswerState state, Answer? answer, string me) => filter switch
    {
        ItemFilter.Unanswered => state is AnswerState.NotAnswered or AnswerState.Stale or AnswerState.InError,
        ItemFilter.Failed => state == AnswerState.Failed,
        ItemFilter.Blockers => item.Severity == Severity.Blocker,
        ItemFilter.Stale => state is AnswerState.Stale or AnswerState.InError,
        ItemFilter.Ours => item.Who != Answerer.Partner,
        ItemFilter.Partners => item.Who != Answerer.Us,
        ItemFilter.Mine => answer?.AnsweredBy == me,
        _ => true,
    };

    /// <summary>A share as people read it: "33 %".</summary>
    public static string Percent(double share) => Math.Floor(share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";
}
