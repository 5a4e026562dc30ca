namespace PartnerPortal.Domain.Integrations;

/// <summary>What the portal knows about an integration when somebody wants to move its stage.</summary>
/// <param name="ReviewPassed">The newest concluded review before the contract says go or conditional go.</param>
/// <param name="ReadinessPassed">The same of the review before production.</param>
/// <param name="PartnerContacts">Contacts on the partner's side.</param>
/// <param name="MetricSources">Metric sources that are not paused.</param>
/// <param name="Runbooks">Runbooks.</param>
/// <param name="HasPolicy">An escalation policy is linked.</param>
public sealed record StageEvidence(bool ReviewPassed, bool ReadinessPassed, int PartnerContacts, int MetricSources, int Runbooks, bool HasPolicy)
{
    /// <summary>Nothing is there.</summary>
    public static StageEvidence None { get; } = new(false, false, 0, 0, 0, false);
}

/// <summary>Which proof each stage asks for.</summary>
public static class StageProofs
{
    private static readonly MissingProof Review = new("technical review concluded with go", "Engineers of both sides agree on load, errors and tests before anything is signed.", "the engineers");
    private static readonly MissingProof Readiness = new("production readiness review concluded with go", "What was promised is proved before users depend on it.", "the engineers");
    private static readonly MissingProof Contact = new("a contact on the partner's side", "At three in the morning somebody must be callable.", "the owner");
    private static readonly MissingProof Metrics = new("a metric source", "Without figures nobody knows that it broke, or when.", "the engineers");
    private static readonly MissingProof Runbook = new("a runbook", "Operations must find the solution without the author.", "the operators");
    private static readonly MissingProof Policy = new("an escalation policy", "The way from an alert to a person must be known before the first alert.", "the operators");

    /// <summary>Everything that a stage asks for.</summary>
    public static IReadOnlyList<MissingProof> Asked(Stage stage) => Missing(stage, StageEvidence.None);

    /// <summary>What a stage asks for and the evidence does not show.</summary>
    public static IReadOnlyList<MissingProof> Missing(Stage stage, StageEvidence evidence)
    {
        List<MissingProof> missing = [];
        if (stage is Stage.Contracted or Stage.Integrating or Stage.Live && !evidence.ReviewPassed)
        {
            missing.Add(Review);
        }

        if (stage is Stage.Live)
        {
            Add(missing, Readiness, evidence.ReadinessPassed);
            Add(missing, Contact, evidence.PartnerContacts > 0);
            Add(missing, Metrics, evidence.MetricSources > 0);
            Add(missing, Runbook, evidence.Runbooks > 0);
            Add(missing, Policy, evidence.HasPolicy);
        }

        return missing;
    }

    private static void Add(List<MissingProof> missing, MissingProof proof, bool there)
    {
        if (!there)
        {
            missing.Add(proof);
        }
    }
}
