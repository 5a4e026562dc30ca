using System.Globalization;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A review as the API gives it: items flat, in the order of the template.</summary>
public sealed record ReviewReply(
    Guid Id, string Title, string Template, int Version, string Partner, string Integration, string StartedBy, DateTimeOffset StartedAt,
    Tier Tier, string? Level, int NewestVersion, IReadOnlyList<ItemReply> Items, double Answered, double? PassRate, int Stale, IReadOnlyList<string> Blockers,
    string? Decision, string? Signer, string? Reason, IReadOnlyList<Condition> Conditions, DateOnly? RevisitOn, DateTimeOffset? ConcludedAt, NoGoClosing? Closing)
{
    /// <summary>Shows a review.</summary>
    /// <remarks><c>answered</c> and <c>passRate</c> run from 0 to 1, rounded to four places; <c>blockers</c> are the keys of failed blockers.</remarks>
    public static ReviewReply Of(ReviewSheet sheet)
    {
        var (review, decision) = (sheet.Review, sheet.Review.Decision);
        return new(
            review.Id, review.Title, sheet.Template.Slug, sheet.Template.Number, sheet.PartnerSlug, sheet.IntegrationSlug, review.StartedBy, review.StartedAt,
            review.Tier, sheet.Standings.Level?.Name, sheet.Newest,
            [.. sheet.Checklist.Sections.SelectMany(s => s.Items.Where(i => sheet.Standings[i.Key].Asked).Select(i => ItemReply.Of(s.Title, i, sheet.Standings[i.Key], sheet.AnswerTo(i.Key), sheet.Waivers.GetValueOrDefault(i.Key), sheet.At)))],
            Math.Round(sheet.Progress.AnsweredShare, 4), sheet.Progress.PassRate is { } rate ? Math.Round(rate, 4) : null, sheet.Progress.Stale,
            [.. sheet.FailedBlockers.Select(i => i.Key)],
            decision?.Verdict.Word(), decision?.Signer, decision?.Reason, decision?.Conditions ?? [], decision?.RevisitOn, review.ConcludedAt, review.Closing);
    }
}

/// <summary>One item that is asked, with its answer.</summary>
/// <remarks>Items that the partner's tier or a condition leaves out are not listed. <c>value</c> of several choices holds one option a line; <c>values</c> lists them.
/// A guest gets no <c>severity</c>, no <c>waiver</c>, and <c>answeredBy</c> only where it is their own.
/// <c>state</c> is what became of the answer by now: <c>stale</c> and <c>in error</c> included; <c>said</c> is what somebody chose.</remarks>
public sealed record ItemReply(
    string Key, string Section, string Question, string Kind, string? Unit, Answerer Who, Severity? Severity, Phase Phase, bool Binds, string Why, string Good,
    IReadOnlyList<string> Options, bool EvidenceRequired,
    AnswerState State, AnswerState Said, string? Value, IReadOnlyList<string>? Values, string Comment, IReadOnlyList<string> Evidence, string Version, string? AnsweredBy, DateTimeOffset? AnsweredAt,
    DateTimeOffset? FreshUntil, string? EvidenceError, WaiverReply? Waiver)
{
    /// <summary>Shows an item; without an answer it is not answered, at version 1.</summary>
    public static ItemReply Of(string section, ChecklistItem item, Standing standing, Answer? answer, Waiver? waiver, DateTimeOffset at) => new(
        item.Key, section, item.Question, item.Kind.Word(), item.Unit.Length > 0 ? item.Unit : null, item.Who, item.Severity, item.Phase, standing.Binds, item.Why, item.Good,
        item.Options, item.EvidenceRequired,
        standing.State, answer?.State ?? AnswerState.NotAnswered, answer?.Value, item.Kind == ItemKind.SeveralChoices ? ItemValue.Lines(answer?.Value) : null, answer?.Comment ?? "", answer?.Evidence ?? [],
        (answer?.Version ?? Answer.Untouched).ToString(CultureInfo.InvariantCulture), answer?.AnsweredBy, answer?.AnsweredAt,
        standing.FreshUntil, answer?.EvidenceError, waiver is null ? null : WaiverReply.Of(waiver, at));
}

/// <summary>A waiver as the API gives it.</summary>
public sealed record WaiverReply(
    Guid Id, WaiverArea Area, string Subject, string Title, WaiverState State, string Reason, DateOnly Until,
    string RequestedBy, DateTimeOffset RequestedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, string? EndedBy, DateTimeOffset? EndedAt)
{
    /// <summary>Shows a waiver as it stands at an instant.</summary>
    public static WaiverReply Of(Waiver waiver, DateTimeOffset at) => new(
        waiver.Id, waiver.Area, waiver.Subject, waiver.Title, waiver.StateAt(at), waiver.Reason, waiver.Until,
        waiver.RequestedBy, waiver.RequestedAt, waiver.ApprovedBy, waiver.ApprovedAt, waiver.EndedBy, waiver.EndedAt);
}

/// <summary>One version of an answer.</summary>
public sealed record AnswerVersionReply(string Version, AnswerState State, string? Value, string Comment, IReadOnlyList<string> Evidence, string By, DateTimeOffset At, string? Restores)
{
    /// <summary>Shows a version.</summary>
    public static AnswerVersionReply Of(AnswerVersion version) => new(
        version.Version.ToString(CultureInfo.InvariantCulture), version.State, version.Value, version.Comment, version.Evidence, version.By, version.At,
        version.Restores?.ToString(CultureInfo.InvariantCulture));
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
