using System.Globalization;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A target as the API shows it.</summary>
/// <param name="Key">Its name in addresses.</param>
/// <param name="Subject">What is measured.</param>
/// <param name="Comparator">≤ ≥ &lt; &gt; =.</param>
/// <param name="BoundSide">Who has to keep it.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Theirs">Their figure.</param>
/// <param name="Agreed">What values are compared with: the agreed figure, else theirs, else ours.</param>
/// <param name="AgreedExplicitly">Whether somebody wrote that figure down as agreed.</param>
/// <param name="State">met, violated, no data yet, stale, waived, not applicable.</param>
/// <param name="Why">Why it stands so, where the state alone does not say it.</param>
/// <param name="Mismatch">Both figures in a sentence when they do not fit; else null.</param>
/// <param name="Waiver">The waiver that somebody asked for or that holds; null when there is none.</param>
/// <param name="Observation">What was seen last.</param>
/// <param name="Chart">The page that draws the expression.</param>
/// <param name="Version">Send it back as If-Match.</param>
public sealed record TargetAnswer(
    string Key, string Partner, string Integration, string Subject, string Comparator, string Unit, Side BoundSide, double? Percentile, string? Window,
    TargetFigure? Ours, TargetFigure? Theirs, decimal? Agreed, bool AgreedExplicitly, string AgreedWith, DateOnly? AgreedOn,
    TargetState State, string? Why, string? Mismatch, string? Query, int StaleAfterDays, string NotApplicable, WaiverReply? Waiver, TargetObservation? Observation, string? Chart, string Version)
{
    /// <summary>The answer for a row at a moment.</summary>
    public static TargetAnswer Of(TargetRow row, DateTimeOffset at)
    {
        var (target, terms, state) = (row.Target, row.Target.Terms, row.StateAt(at));
        return new(
            target.Key, row.Partner, row.Integration, terms.Subject, terms.Comparator.Sign(), terms.Unit, terms.BoundSide, terms.Percentile, terms.Window,
            target.Ours, target.Theirs, target.Agreed, target.AgreedFigure is not null, target.AgreedWith, target.AgreedOn,
            state, target.Why(state), target.Mismatch(), target.Query, target.StaleAfterDays, target.NotApplicable, row.Waiver is null ? null : WaiverReply.Of(row.Waiver, at), target.Observation, ChartOf(row),
            target.Version.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The page that draws a target's expression over its window; null when people prove it.</summary>
    public static string? ChartOf(TargetRow row) => row.Target.Query is not { } query ? null
        : $"/partners/{row.Partner}/metrics/explore?query={Uri.EscapeDataString(query)}&from=now-{row.Target.Terms.Window ?? "6h"}"
          + (row.Integration == Domain.Integrations.Integration.MainSlug ? "" : $"&integration={row.Integration}");
}

/// <summary>What POST …/observations takes.</summary>
/// <param name="Value">The value that was seen, in the target's unit.</param>
/// <param name="At">The moment of which it speaks; now when absent.</param>
/// <param name="Evidence">What proves it: a sentence, a link.</param>
public sealed record NewObservation(decimal? Value = null, DateTimeOffset? At = null, string? Evidence = null);
