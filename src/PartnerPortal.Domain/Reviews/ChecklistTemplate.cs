using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Reviews;

/// <summary>A checklist to start reviews from. A published version never changes; an edit publishes the next one.</summary>
public sealed class ChecklistTemplate : IAudited
{
    private readonly List<TemplateVersion> _versions = [];

    private ChecklistTemplate()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The name in addresses; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>The newest version's title.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Number of the newest version, from 1.</summary>
    public int Latest { get; private set; }

    /// <summary>True while the newest version is the one that came with the portal.</summary>
    public bool Shipped { get; private set; }

    /// <summary>Published versions, oldest first.</summary>
    public IReadOnlyList<TemplateVersion> Versions => _versions;

    AuditSubject IAudited.AuditedAs => new("checklist template", Id, Title, null);

    /// <summary>Creates a template with its first version.</summary>
    public static ChecklistTemplate Create(string slug, Checklist content, bool shipped, DateTimeOffset at, string? by = null)
    {
        var template = new ChecklistTemplate { Id = Guid.CreateVersion7(at), Slug = slug };
        template.Publish(content, shipped, at, by);
        return template;
    }

    /// <summary>Publishes the next version. Reviews that were started keep the version they froze.</summary>
    public TemplateVersion Publish(Checklist content, bool shipped, DateTimeOffset at, string? by = null)
    {
        var version = new TemplateVersion(Id, ++Latest, content, at, by);
        (Title, Shipped) = (content.Title, shipped);
        _versions.Add(version);
        return version;
    }
}

/// <summary>One published version of a template.</summary>
public sealed class TemplateVersion
{
    private TemplateVersion()
    {
    }

    internal TemplateVersion(Guid templateId, int number, Checklist content, DateTimeOffset at, string? by) =>
        (Id, TemplateId, Number, Content, PublishedAt, PublishedBy) = (Guid.CreateVersion7(at), templateId, number, content, at, by);

    /// <summary>Id, sortable by time of publishing.</summary>
    public Guid Id { get; private init; }

    /// <summary>The template.</summary>
    public Guid TemplateId { get; private init; }

    /// <summary>From 1.</summary>
    public int Number { get; private init; }

    /// <summary>What it asks.</summary>
    public Checklist Content { get; private init; } = new("", "", []);

    /// <summary>When it was published.</summary>
    public DateTimeOffset PublishedAt { get; private init; }

    /// <summary>Who published it; null for what came with the portal.</summary>
    public string? PublishedBy { get; private init; }
}
