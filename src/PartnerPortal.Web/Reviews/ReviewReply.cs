using System.Globalization;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A review as the API gives it: items flat, in the order of the template.</summary>
public sealed record ReviewReply(
    Guid Id, string Title, string Template, int Version, string Partner, string Integration, string StartedBy, DateTimeOffset StartedAt,
    IReadOnlyList<ItemReply> Items, double Answered, double? PassRate, IReadOnlyList<string> Blockers,
    string? Decision, string? Signer, string? Reason, IReadOnlyList<Condition> Conditions, DateTimeOffset? ConcludedAt)
{
    /// <summary>Shows a review.</summary>
    /// <remarks><c>answered</c> and <c>passRate</c> run from 0 to 1, rounded to four places; <c>blockers</c> are the keys of failed blockers.</remarks>
    public static ReviewReply Of(ReviewSheet sheet)
    {
        var (review, decision) = (sheet.Review, sheet.Review.Decision);
        return new(
            review.Id, review.Title, sheet.Template.Slug, sheet.Template.Number, sheet.PartnerSlug, sheet.IntegrationSlug, review.StartedBy, review.StartedAt,
            [.. sheet.Checklist.Sections.SelectMany(s => s.Items.Select(i => ItemReply.Of(s.Title, i, sheet.AnswerTo(i.Key))))],
            Math.Round(sheet.Progress.AnsweredShare, 4), sheet.Progress.PassRate is { } rate ? Math.Round(rate, 4) : null,
            [.. sheet.FailedBlockers.Select(i => i.Key)],
            decision?.Verdict.Word(), decision?.Signer, decision?.Reason, decision?.Conditions ?? [], review.ConcludedAt);
    }
}

/// <summary>One item with its answer.</summary>
public sealed record ItemReply(
    string Key, string Section, string Question, string Kind, string? Unit, Answerer Who, Severity Severity, string Why, string Good,
    AnswerState State, string? Value, string Comment, IReadOnlyList<string> Evidence, string Version, string? AnsweredBy, DateTimeOffset? AnsweredAt)
{
    /// <summary>Shows an item; without an answer it is not answered, at version 1.</summary>
    public static ItemReply Of(string section, ChecklistItem item, Answer? answer) => new(
        item.Key, section, item.Question, item.Kind.Word(), item.Unit.Length > 0 ? item.Unit : null, item.Who, item.Severity, item.Why, item.Good,
        answer?.State ?? AnswerState.NotAnswered, answer?.Value, answer?.Comment ?? "", answer?.Evidence ?? [],
        (answer?.Version ?? Answer.Untouched).ToString(CultureInfo.InvariantCulture), answer?.AnsweredBy, answer?.AnsweredAt);
}

/// <summary>One line of the list of reviews.</summary>
public sealed record ReviewLineReply(
    Guid Id, string Title, string Template, int Version, string Integration, string StartedBy, DateTimeOffset StartedAt,
    double Answered, double? PassRate, string? Decision, string? Signer, DateTimeOffset? ConcludedAt)
{
    /// <summary>Shows a line.</summary>
    public static ReviewLineReply Of(ReviewRow row) => new(
        row.Id, row.Title, row.Template, row.Version, row.Integration, row.StartedBy, row.StartedAt,
        Math.Round(row.Progress.AnsweredShare, 4), row.Progress.PassRate is { } rate ? Math.Round(rate, 4) : null,
        row.Decision?.Verdict.Word(), row.Decision?.Signer, row.Decision?.At);
}
