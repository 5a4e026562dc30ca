using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Web.Metrics;

/// <summary>A rule as it is sent: what it is to be, and where. See <see cref="RuleDraft"/> for each part.</summary>
public sealed record RuleBody(
    string? Integration = null, string? Title = null, string? Slug = null, string? Expression = null, string? For = null, string? KeepFiringFor = null,
    string? Severity = null, IReadOnlyDictionary<string, string>? Labels = null, string? Summary = null, string? Runbook = null, bool? Enabled = null)
{
    /// <summary>The draft without its place.</summary>
    internal RuleDraft Draft => new(Title, Slug, Expression, For, KeepFiringFor, Severity, Labels, Summary, Runbook, Enabled);
}

/// <summary>How a rule stands for one set of labels.</summary>
public sealed record StandingAnswer(
    IReadOnlyDictionary<string, string> Labels, RuleState State, DateTimeOffset Since, DateTimeOffset? PendingSince, DateTimeOffset? FiringSince, double? Value, Guid? Alert);

/// <summary>A rule as the API shows it.</summary>
/// <param name="State">The loudest of its states; null while it is switched off or was never computed.</param>
/// <param name="Error">Why it cannot be computed; null when it can.</param>
/// <param name="ComputedAt">The instant of the last computation that was written down.</param>
public sealed record RuleAnswer(
    string Slug, string Title, string Partner, string Integration, string Expression, string For, string KeepFiringFor, Severity Severity,
    IReadOnlyDictionary<string, string> Labels, string Summary, string? Runbook, bool Enabled, RuleState? State, DateTimeOffset? NoDataSince, string? Error,
    DateTimeOffset? ErrorSince, DateTimeOffset? ComputedAt, double? TookMs, IReadOnlyList<StandingAnswer> Standings)
{
    /// <summary>The answer for a row.</summary>
    public static RuleAnswer Of(RuleRow row) => new(
        row.Rule.Slug, row.Rule.Title, row.Partner, row.Integration, row.Rule.Expression, Durations.Of(row.Rule.For), Durations.Of(row.Rule.KeepFiringFor), row.Rule.Severity,
        row.Rule.Labels, row.Rule.Summary, row.Rule.Runbook, row.Rule.Enabled, row.State, row.Run?.NoDataSince, row.Run?.Error, row.Run?.ErrorSince, row.Run?.At,
        row.Run?.Took.TotalMilliseconds,
        [.. row.Standings.Select(s => new StandingAnswer(s.Labels, s.Standing.State, s.Standing.Since, s.Standing.PendingSince, s.Standing.FiringSince, s.Standing.Value, s.AlertId))]);
}

/// <summary>What a burn-rate alarm is to be made from, and where.</summary>
public sealed record BurnRateBody(string? Integration = null, string? Errors = null, string? Total = null, double? Target = null, string? Name = null);
