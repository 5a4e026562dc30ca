using System.Globalization;

namespace PartnerPortal.Domain.Reviews;

/// <summary>What pages, actions and decisions say about a target.</summary>
public static class TargetSentences
{
    /// <summary>Both figures of a mismatch in one sentence: "We plan 120 calls/s, they accept at most 50 calls/s."; null when they fit.</summary>
    public static string? Mismatch(this Target target)
    {
        if (!target.IsMismatch)
        {
            return null;
        }

        var (ours, theirs, bound) = (target.Ours!.Said, target.Theirs!.Said, Bound(target.Terms.Comparator));
        return target.Terms.BoundSide == Side.Ours
            ? $"We plan {ours}, they accept {bound} {theirs}."
            : $"They promise {theirs}, we need {bound} {ours}.";
    }

    /// <summary>That both figures fit, for the evidence of a mismatch that was settled.</summary>
    public static string Settled(this Target target) => (target.Ours, target.Theirs) switch
    {
        ({ } ours, { } theirs) when target.NotApplicable.Length == 0 => $"Both figures fit now: ours {ours.Said}, theirs {theirs.Said}.",
        _ => "The two figures are no longer compared.",
    };

    /// <summary>What must be kept: "at most 300 calls/s, p99, over 5m"; null while nobody gave a figure.</summary>
    public static string? Promise(this Target target)
    {
        if (target.Agreed is not { } agreed)
        {
            return null;
        }

        var text = $"{Bound(target.Terms.Comparator)} {TargetFigure.Say(agreed, target.Terms.Unit)}";
        text += target.Terms.Percentile is { } percentile ? $", p{percentile.ToString("0.##", CultureInfo.InvariantCulture)}" : "";
        return text + (target.Terms.Window is { } window ? $", over {window}" : "");
    }

    /// <summary>Why it stands as it does, where the state alone does not say it.</summary>
    public static string? Why(this Target target, TargetState state) => state switch
    {
        TargetState.NotApplicable => target.NotApplicable,
        TargetState.NoDataYet when target.Agreed is null => "Nobody has given a figure.",
        TargetState.NoDataYet when target.Observation?.Error is { } error => error,
        TargetState.NoDataYet => target.Query is null ? "Nobody has proved it." : "It has not been computed yet.",
        TargetState.Stale => target.Query is null ? $"Seen longer ago than {target.StaleAfterDays} days." : "It is not computed any more.",
        _ => null,
    };

    private static string Bound(Comparator comparator) => comparator switch
    {
        Comparator.AtMost => "at most",
        Comparator.AtLeast => "at least",
        Comparator.Below => "less than",
        Comparator.Above => "more than",
        _ => "exactly",
    };
}
