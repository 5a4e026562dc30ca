namespace PartnerPortal.Domain.Integrations;

/// <summary>What a person or program wants an integration to be; what is null is left as it is (or at its default).</summary>
public sealed record IntegrationDraft(
    string? Name = null,
    string? Slug = null,
    string? Stage = null,
    string? Criticality = null,
    IReadOnlyList<EnvironmentDraft>? Environments = null,
    ImpactDraft? Impact = null,
    string? EscalationPolicy = null);

/// <summary>An environment as it was typed.</summary>
public sealed record EnvironmentDraft(string? Name, string? BaseUrl);

/// <summary>The impact as it was typed; what is null is left as it is.</summary>
public sealed record ImpactDraft(
    IReadOnlyList<string>? Journeys = null, string? WhatUsersSee = null, string? Fallback = null, string? KillSwitch = null, string? WhoMayPull = null);
