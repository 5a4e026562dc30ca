using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>One line of the list of reviews.</summary>
public sealed record ReviewRow(
    Guid Id, string Title, string Template, int Version, string Integration,
    string StartedBy, DateTimeOffset StartedAt, Decision? Decision, Progress Progress);

/// <summary>A review as it is read: with its frozen checklist, its answers and the names around it.</summary>
public sealed record ReviewSheet(
    Review Review, FrozenTemplate Template, string PartnerSlug, string PartnerName, string IntegrationSlug, string IntegrationName)
{
    /// <summary>What the review asks.</summary>
    public Checklist Checklist => Template.Content;

    /// <summary>How far it is, over all sections.</summary>
    public Progress Progress => Progress.Of(Checklist.Items, Review.StateOf);

    /// <summary>The answer to an item; null while nobody gave one.</summary>
    public Answer? AnswerTo(string key) => Review.Answers.FirstOrDefault(a => a.Key == key);
}
