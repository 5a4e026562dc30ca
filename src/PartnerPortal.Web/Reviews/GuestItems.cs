using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>What of a review a guest gets to see: the items that the partner or both sides answer, as far as they are asked.</summary>
public static class GuestItems
{
    /// <summary>Their sections, without those that hold nothing for them.</summary>
    public static IReadOnlyList<ChecklistSection> Of(ReviewSheet sheet) =>
    [
        .. sheet.Checklist.Sections
            .Select(s => s with { Items = [.. s.Items.Where(i => i.Who != Answerer.Us && sheet.Standings[i.Key].Asked)] })
            .Where(s => s.Items.Count > 0),
    ];

    /// <summary>How many of these have an answer.</summary>
    public static int Answered(IReadOnlyList<ChecklistSection> sections, Func<string, AnswerState> stateOf) =>
        sections.SelectMany(s => s.Items).Count(i => stateOf(i.Key) is not (AnswerState.NotAnswered or AnswerState.Stale or AnswerState.InError));
}
