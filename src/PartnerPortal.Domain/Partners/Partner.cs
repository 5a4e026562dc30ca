using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.Domain.Partners;

/// <summary>A company that our product leans on. It has one or more integrations; the first is made with it and is called <c>main</c>.</summary>
public sealed class Partner : IAudited
{
    private readonly List<Integration> _integrations = [];

    private Partner()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The name in addresses; never changes.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>The company's name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What they do for us.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Mail address of the owner on our side; null while nobody is.</summary>
    public string? Owner { get; private set; }

    /// <summary>Mail address of the owner's deputy.</summary>
    public string? Deputy { get; private set; }

    /// <summary>Weight of the partnership.</summary>
    public Tier Tier { get; private set; } = Tier.Standard;

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string> Tags { get; private set; } = [];

    /// <summary>Their web pages.</summary>
    public IReadOnlyList<PartnerLink> Links { get; private set; } = [];

    /// <summary>Papers and when they end.</summary>
    public IReadOnlyList<PartnerDocument> Documents { get; private set; } = [];

    /// <summary>The one address of ours that the partner writes to; it outlives people.</summary>
    public string? MailAddress { get; private set; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it left the lists; null while it is active.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    /// <summary>The integrations, in order of creation.</summary>
    public IReadOnlyList<Integration> Integrations => _integrations;

    AuditSubject IAudited.AuditedAs => new("partner", Id, Name, Id);

    /// <summary>Enters a partner with its first integration.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Partner Enter(PartnerDraft draft, string? stage, string by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var partner = new Partner { Id = Guid.CreateVersion7(at), Slug = Partners.Slug.Check(check, draft.Slug, draft.Name ?? ""), CreatedAt = at };
        partner.Apply(draft with { Name = draft.Name ?? "" }, check);
        var first = check.Word("stage", stage, Stage.Prospect);
        check.ThrowIfRefused();
        partner._integrations.Add(Integration.Main(partner.Id, first, by, at));
        return partner;
    }

    /// <summary>Changes what the draft names; fields that are null stay.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted; nothing was changed in the database.</exception>
    /// <exception cref="RuleBroken">The partner is archived.</exception>
    public void Change(PartnerDraft draft)
    {
        if (ArchivedAt is not null)
        {
            throw new RuleBroken($"{Name} is archived. Bring it back before you change it.");
        }

        var check = new FieldCheck();
        if (draft.Slug is not null && draft.Slug != Slug)
        {
            check.Refuse("slug", "The slug stands in addresses that others have kept, so it cannot change.");
        }

        Apply(draft, check);
        check.ThrowIfRefused();
    }

    /// <summary>Takes the partner out of the lists; nothing is deleted.</summary>
    public void Archive(DateTimeOffset at) => ArchivedAt ??= at;

    /// <summary>Brings an archived partner back.</summary>
    public void Restore() => ArchivedAt = null;

    /// <summary>Adds another integration.</summary>
    public Integration Add(IntegrationDraft draft, string by, DateTimeOffset at)
    {
        var integration = Integration.Enter(Id, draft, by, at);
        if (_integrations.Any(i => i.Slug == integration.Slug))
        {
            throw new AlreadyTaken("slug", $"{Name} already has an integration called {integration.Slug}. Choose another name.");
        }

        _integrations.Add(integration);
        return integration;
    }

    private void Apply(PartnerDraft draft, FieldCheck check)
    {
        if (draft.Name is not null)
        {
            Name = check.Needed("name", draft.Name, "the partner's name");
        }

        Summary = draft.Summary is null ? Summary : check.Text("summary", draft.Summary);
        Owner = draft.Owner is null ? Owner : check.Mail("owner", draft.Owner);
        Deputy = draft.Deputy is null ? Deputy : check.Mail("deputy", draft.Deputy);
        MailAddress = draft.MailAddress is null ? MailAddress : check.Mail("mailAddress", draft.MailAddress);
        Tier = check.Word("tier", draft.Tier, Tier);
        Tags = draft.Tags is null ? Tags : CheckTags(draft.Tags, check);
        Links = draft.Links is null ? Links : CheckLinks(draft.Links, check);
        Documents = draft.Documents is null ? Documents : CheckDocuments(draft.Documents, check);
    }

    private static List<string> CheckTags(IReadOnlyList<string> tags, FieldCheck check)
    {
        var kept = tags.Select(t => check.Text("tags", t, 40).ToLowerInvariant()).Where(t => t.Length > 0).Distinct().ToList();
        if (kept.Count > 20)
        {
            check.Refuse("tags", $"{kept.Count} tags are more than anybody reads; keep at most 20.");
        }

        return kept;
    }

    private static List<PartnerLink> CheckLinks(IReadOnlyList<LinkDraft> links, FieldCheck check)
    {
        if (links.Count > 30)
        {
            check.Refuse("links", "Keep at most 30 links.");
        }

        return [.. links.Take(30).Select((l, i) => new PartnerLink(
            check.Needed($"links[{i}].kind", l.Kind, "what the link shows, for example documentation", 60),
            check.WebAddress($"links[{i}].url", l.Url) ?? Missing(check, $"links[{i}].url", "the address of the page")))];
    }

    private static List<PartnerDocument> CheckDocuments(IReadOnlyList<DocumentDraft> documents, FieldCheck check)
    {
        if (documents.Count > 50)
        {
            check.Refuse("documents", "Keep at most 50 documents.");
        }

        return [.. documents.Take(50).Select((d, i) => new PartnerDocument(
            check.Word($"documents[{i}].kind", d.Kind, DocumentKind.Contract),
            check.Needed($"documents[{i}].title", d.Title, "what people call this document", 120),
            check.WebAddress($"documents[{i}].url", d.Url),
            d.ExpiresOn))];
    }

    private static string Missing(FieldCheck check, string field, string what)
    {
        check.Refuse(field, $"Enter {what}.");
        return "";
    }
}
