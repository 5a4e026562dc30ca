namespace PartnerPortal.Domain.Integrations;

/// <summary>Proof that a stage asks for and that is not there yet.</summary>
/// <param name="Proof">What is missing, in a few words.</param>
/// <param name="Why">Why the stage asks for it.</param>
/// <param name="Who">Who can bring it.</param>
public sealed record MissingProof(string Proof, string Why, string Who);

/// <summary>One move of an integration from stage to stage.</summary>
/// <param name="From">The stage before; null for the first entry.</param>
/// <param name="To">The stage after.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; needed when proof was missing.</param>
/// <param name="Adopted">True when the integration was entered at a later stage than the first.</param>
/// <param name="Missing">Proof that was missing at that moment.</param>
/// <param name="OverrideUntil">Until when the missing proof is tolerated.</param>
public sealed record StageChange(
    Stage? From, Stage To, DateTimeOffset At, string By, string? Reason, bool Adopted, IReadOnlyList<MissingProof> Missing, DateOnly? OverrideUntil);

/// <summary>The move needs proof that is not there; the list says what, why and who.</summary>
public sealed class ProofMissing(Stage to, IReadOnlyList<MissingProof> missing)
    : RuleBroken($"Moving to “{Words.Of(to)}” needs proof that is missing: {string.Join("; ", missing.Select(m => m.Proof))}. Bring it, or override with a reason and a last day.")
{
    /// <summary>What is missing.</summary>
    public IReadOnlyList<MissingProof> Missing { get; } = missing;
}
