namespace PartnerPortal.Domain.Escalation;

/// <summary>A policy as it was when a run began. Editing the policy afterwards does not change the run.</summary>
/// <param name="Slug">The policy's name in addresses.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Version">Its version then, to notice that it was edited since.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Repeat">How often they are gone through again.</param>
/// <param name="Pause">How long to wait before they are.</param>
public sealed record FrozenPolicy(string Slug, string Name, uint Version, IReadOnlyList<EscalationStep> Steps, int Repeat, TimeSpan Pause)
{
    /// <summary>A policy as it is now.</summary>
    public static FrozenPolicy Of(EscalationPolicy policy) => new(policy.Slug, policy.Name, policy.Version, policy.Steps, policy.Repeat, policy.Pause);
}
