namespace PartnerPortal.Domain.Integrations;

/// <summary>How much depends on the integration.</summary>
public enum Criticality
{
    /// <summary>Nobody notices for days.</summary>
    Low,

    /// <summary>Some users notice.</summary>
    Medium,

    /// <summary>Many users notice at once.</summary>
    High,

    /// <summary>Money or the whole product stops.</summary>
    Critical,
}

/// <summary>What happens to our users when the integration fails, and what we can do about it at once.</summary>
/// <param name="Journeys">Which journeys of ours need it.</param>
/// <param name="WhatUsersSee">What users see when it fails.</param>
/// <param name="Fallback">What we fall back to.</param>
/// <param name="KillSwitch">How to switch the integration off.</param>
/// <param name="WhoMayPull">Who may pull the kill switch.</param>
public sealed record Impact(IReadOnlyList<string> Journeys, string WhatUsersSee, string Fallback, string KillSwitch, string WhoMayPull)
{
    /// <summary>Nothing is known yet.</summary>
    public static Impact Unknown { get; } = new([], "", "", "", "");

    /// <summary>Whether anything was written down.</summary>
    public bool IsKnown => Journeys.Count > 0 || WhatUsersSee.Length + Fallback.Length + KillSwitch.Length > 0;
}

/// <summary>A place where the partner's API runs.</summary>
/// <param name="Name">For example sandbox or production.</param>
/// <param name="BaseUrl">An http(s) address; null when not known yet.</param>
public sealed record IntegrationEnvironment(string Name, string? BaseUrl);
