namespace PartnerPortal.Domain.Metrics;

/// <summary>What a person or program wants a rule to be. The expression is needed; what is null takes its default.</summary>
/// <param name="Title">What people call it; derived from the slug when absent.</param>
/// <param name="Slug">Derived from the title when absent; cannot change later.</param>
/// <param name="Expression">PromQL. Every series in its result meets the condition. It reads only series of its partner and integration.</param>
/// <param name="For">How long the condition must be met, as <c>5m</c>; default 0: at once.</param>
/// <param name="KeepFiringFor">How long the alert stays after the condition is not met any more; default 0.</param>
/// <param name="Severity">critical, warning (default) or info.</param>
/// <param name="Labels">Added to the labels of its alerts.</param>
/// <param name="Summary">A sentence with <c>{{ $value }}</c> and <c>{{ $labels.name }}</c>; default the title and the value.</param>
/// <param name="Runbook">The slug of the partner's runbook that helps.</param>
/// <param name="Enabled">Whether it is computed; default true.</param>
public sealed record RuleDraft(
    string? Title = null, string? Slug = null, string? Expression = null, string? For = null, string? KeepFiringFor = null, string? Severity = null,
    IReadOnlyDictionary<string, string>? Labels = null, string? Summary = null, string? Runbook = null, bool? Enabled = null);
