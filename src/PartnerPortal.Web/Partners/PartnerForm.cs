using System.Globalization;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Web.Partners;

/// <summary>What somebody types about a partner and one of its integrations, before rules look at it.</summary>
public sealed class PartnerForm
{
    public string? Name { get; set; }
    public string? Slug { get; set; }
    public string? Summary { get; set; }
    public string? Owner { get; set; }
    public string? Deputy { get; set; }
    public string? MailAddress { get; set; }
    public string? Tags { get; set; }
    public Tier Tier { get; set; } = Tier.Standard;
    public Stage Stage { get; set; } = Stage.Prospect;
    public Criticality Criticality { get; set; } = Criticality.Medium;
    public string? Journeys { get; set; }
    public string? WhatUsersSee { get; set; }
    public string? Fallback { get; set; }
    public string? KillSwitch { get; set; }
    public string? WhoMayPull { get; set; }
    public List<LinkLine> Links { get; } = [];
    public List<DocumentLine> Documents { get; } = [];
    public List<EnvironmentLine> Environments { get; } = [];

    /// <summary>The form filled with what is stored.</summary>
    public static PartnerForm Of(Partner partner, Integration integration)
    {
        var form = new PartnerForm
        {
            Name = partner.Name,
            Slug = partner.Slug,
            Summary = partner.Summary,
            Owner = partner.Owner,
            Deputy = partner.Deputy,
            MailAddress = partner.MailAddress,
            Tags = string.Join(", ", partner.Tags),
            Tier = partner.Tier,
            Stage = integration.Stage,
            Criticality = integration.Criticality,
            Journeys = string.Join(", ", integration.Impact.Journeys),
            WhatUsersSee = integration.Impact.WhatUsersSee,
            Fallback = integration.Impact.Fallback,
            KillSwitch = integration.Impact.KillSwitch,
            WhoMayPull = integration.Impact.WhoMayPull,
        };
        form.Links.AddRange(partner.Links.Select(l => new LinkLine { Kind = l.Kind, Url = l.Url }));
        form.Documents.AddRange(partner.Documents.Select(d => new DocumentLine
        {
            Kind = d.Kind,
            Title = d.Title,
            Url = d.Url,
            ExpiresOn = d.ExpiresOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        }));
        form.Environments.AddRange(integration.Environments.Select(e => new EnvironmentLine { Name = e.Name, BaseUrl = e.BaseUrl }));
        return form;
    }

    /// <summary>The partner's part, as the rules take it. An emptied field is meant to be empty.</summary>
    public PartnerDraft Partner(bool isNew) => new(
        Name ?? "", isNew && !string.IsNullOrWhiteSpace(Slug) ? Slug : null, Summary ?? "", Owner ?? "", Deputy ?? "", Words.Of(Tier),
        Split(Tags),
        [.. Links.Where(l => !l.IsEmpty).Select(l => new LinkDraft(l.Kind, l.Url))],
        [.. Documents.Where(d => !d.IsEmpty).Select(d => new DocumentDraft(Words.Of(d.Kind), d.Title, d.Url, Day(d.ExpiresOn)))],
        MailAddress ?? "");

    /// <summary>The integration's part, as the rules take it.</summary>
    public IntegrationDraft Integration() => new(
        Criticality: Words.Of(Criticality),
        Environments: [.. Environments.Where(e => !e.IsEmpty).Select(e => new EnvironmentDraft(e.Name, e.BaseUrl))],
        Impact: new ImpactDraft(Split(Journeys), WhatUsersSee ?? "", Fallback ?? "", KillSwitch ?? "", WhoMayPull ?? ""));

    private static string[] Split(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static DateOnly? Day(string? text) => DateOnly.TryParse(text, CultureInfo.InvariantCulture, out var day) ? day : null;
}

/// <summary>One link as it is typed.</summary>
public sealed class LinkLine
{
    public string? Kind { get; set; }
    public string? Url { get; set; }
    public bool IsEmpty => string.IsNullOrWhiteSpace(Kind) && string.IsNullOrWhiteSpace(Url);
}

/// <summary>One document as it is typed.</summary>
public sealed class DocumentLine
{
    public DocumentKind Kind { get; set; }
    public string? Title { get; set; }
    public string? Url { get; set; }
    public string? ExpiresOn { get; set; }
    public bool IsEmpty => string.IsNullOrWhiteSpace(Title) && string.IsNullOrWhiteSpace(Url) && string.IsNullOrWhiteSpace(ExpiresOn);
}

/// <summary>One environment as it is typed.</summary>
public sealed class EnvironmentLine
{
    public string? Name { get; set; }
    public string? BaseUrl { get; set; }
    public bool IsEmpty => string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(BaseUrl);
}
