using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.Domain.Incidents;

/// <summary>How loudly people are told.</summary>
public enum Urgency
{
    /// <summary>Somebody is called at any hour.</summary>
    Page,

    /// <summary>It waits in the queue until somebody works.</summary>
    WorkingHours,

    /// <summary>It is only written down.</summary>
    Record,
}

/// <summary>What pages by default: what hurts users of a live integration in production. Everything else waits for working hours or is written down.</summary>
public static class Urgencies
{
    private static readonly HashSet<string> NotProduction = new(StringComparer.OrdinalIgnoreCase) { "sandbox", "test", "testing", "staging", "stage", "dev", "development", "preview", "qa", "uat" };
    private static readonly string[] EnvironmentLabels = ["environment", "env", "deployment_environment", "stage"];

    /// <summary>The urgency of a problem when its source says none.</summary>
    /// <param name="severity">How bad it is.</param>
    /// <param name="stage">Where the integration stands; null when the problem is ours.</param>
    /// <param name="labels">What the source says; an environment that is not production never pages.</param>
    public static Urgency Of(Severity severity, Stage? stage, IReadOnlyDictionary<string, string> labels) => severity switch
    {
        Severity.Info => Urgency.Record,
        Severity.Critical when stage is null or Stage.Live or Stage.Retiring && !IsElsewhere(labels) => Urgency.Page,
        _ => Urgency.WorkingHours,
    };

    private static bool IsElsewhere(IReadOnlyDictionary<string, string> labels) =>
        EnvironmentLabels.Any(name => labels.TryGetValue(name, out var value) && NotProduction.Contains(value));
}
