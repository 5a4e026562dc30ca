using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A published version of a template. What is absent has its default, as in a request.</summary>
public sealed record TemplateReply(string Slug, int Version, string Title, string Purpose, Phase? Proves, ScaleReply? Scale, DateTimeOffset PublishedAt, IReadOnlyList<TemplateSectionReply> Sections)
{
    /// <summary>Shows a version.</summary>
    public static TemplateReply Of(FrozenTemplate frozen) => new(
        frozen.Slug, frozen.Number, frozen.Content.Title, frozen.Content.Purpose, frozen.Content.Proves,
        frozen.Content.Scale is { } scale ? new(scale.Item, scale.Levels) : null, frozen.PublishedAt,
        [.. frozen.Content.Sections.Select(s => new TemplateSectionReply(s.Key, s.Title, s.About, [.. s.Items.Select(TemplateItemReply.Of)]))]);
}

/// <summary>How one figure chooses the level.</summary>
public sealed record ScaleReply(string Item, IReadOnlyList<Level> Levels);

/// <summary>A section of a template.</summary>
public sealed record TemplateSectionReply(string Key, string Title, string About, IReadOnlyList<TemplateItemReply> Items);

/// <summary>An item of a template.</summary>
public sealed record TemplateItemReply(string Key, string Question, string Kind, string? Unit, Answerer Who, Severity Severity, string Why, string Good)
{
    /// <summary>What it must be answered for.</summary>
    public Phase Phase { get; init; }

    /// <summary>What can be chosen; absent unless it is a choice.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>The condition under which it is shown; absent: always.</summary>
    public string? ShownWhen { get; init; }

    /// <summary>For how many days an answer can be relied on; absent: it does not age.</summary>
    public int? FreshForDays { get; init; }

    /// <summary>Whether a pass needs a link or a file.</summary>
    public bool EvidenceRequired { get; init; }

    /// <summary>Tiers of partners that it concerns; absent: all.</summary>
    public IReadOnlyList<string>? Tiers { get; init; }

    /// <summary>The level from which on it binds; absent: always.</summary>
    public string? Level { get; init; }

    /// <summary>What the figure is about; absent unless it is a target.</summary>
    public TargetTermsDraft? Target { get; init; }

    /// <summary>Shows an item.</summary>
    public static TemplateItemReply Of(ChecklistItem item) =>
        new(item.Key, item.Question, item.Kind.Word(), item.Unit.Length > 0 ? item.Unit : null, item.Who, item.Severity, item.Why, item.Good)
        {
            Phase = item.Phase,
            Options = item.Options.Count > 0 ? item.Options : null,
            ShownWhen = item.ShownWhen.Length > 0 ? item.ShownWhen : null,
            FreshForDays = item.FreshForDays,
            EvidenceRequired = item.EvidenceRequired,
            Tiers = item.Tiers.Count > 0 ? [.. item.Tiers.Select(Words.Of)] : null,
            Level = item.Level,
            Target = item.Target is { } target ? TargetTermsDraft.From(target) : null,
        };
}
