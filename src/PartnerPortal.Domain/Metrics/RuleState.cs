namespace PartnerPortal.Domain.Metrics;

/// <summary>How a rule stands for one set of labels.</summary>
public enum RuleState
{
    /// <summary>Computed, and not met.</summary>
    Inactive,

    /// <summary>Met, but not yet for long enough.</summary>
    Pending,

    /// <summary>Met for long enough: an alert is out.</summary>
    Firing,

    /// <summary>It cannot be computed, for the figures are missing. Neither ok nor zero.</summary>
    NoData,
}

/// <summary>What one computation says about one set of labels.</summary>
public enum RuleFinding
{
    /// <summary>The condition is met.</summary>
    Met,

    /// <summary>The figures are there and the condition is not met.</summary>
    NotMet,

    /// <summary>The figures are missing.</summary>
    Missing,
}
