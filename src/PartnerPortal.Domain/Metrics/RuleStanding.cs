namespace PartnerPortal.Domain.Metrics;

/// <summary>
/// How a rule stands for one set of labels, and since when: a pure function of the moments at which it was computed and what was
/// found, so it goes on from what was stored as if nothing had happened in between.
/// </summary>
/// <param name="State">The present state.</param>
/// <param name="Since">When it began.</param>
/// <param name="PendingSince">When the condition was met first, in the spell that lasts; null while it is not.</param>
/// <param name="FiringSince">When the alert went out; kept while figures are missing, since missing figures resolve nothing.</param>
/// <param name="ClearSince">Since when a firing condition is not met any more, while it is kept firing.</param>
/// <param name="LastGood">The last computation in which the condition was not met; null when there was none.</param>
/// <param name="Value">The value of the last computation that met the condition.</param>
public sealed record RuleStanding(
    RuleState State, DateTimeOffset Since, DateTimeOffset? PendingSince = null, DateTimeOffset? FiringSince = null, DateTimeOffset? ClearSince = null,
    DateTimeOffset? LastGood = null, double? Value = null)
{
    /// <summary>Whether an alert is out.</summary>
    public bool IsAlerting => FiringSince is not null;

    /// <summary>Takes one computation.</summary>
    /// <param name="before">How it stood; null when these labels are new.</param>
    /// <param name="found">What was found.</param>
    /// <param name="value">The value, where the condition is met.</param>
    /// <param name="at">The instant that was computed; later than all before.</param>
    /// <param name="lasts">How long the condition must be met before the alert goes out.</param>
    /// <param name="keeps">How long the alert stays after the condition is not met any more.</param>
    public static RuleStanding Next(RuleStanding? before, RuleFinding found, double? value, DateTimeOffset at, TimeSpan lasts, TimeSpan keeps)
    {
        before ??= new RuleStanding(RuleState.Inactive, at);
        return found switch
        {
            RuleFinding.Met => Met(before, value, at, lasts),
            RuleFinding.NotMet => NotMet(before, at, keeps),
            _ => before.As(RuleState.NoData, at),
        };
    }

    private static RuleStanding Met(RuleStanding before, double? value, DateTimeOffset at, TimeSpan lasts)
    {
        var pending = before.PendingSince ?? at;
        var met = before with { PendingSince = pending, ClearSince = null, Value = value };
        return before.IsAlerting || at - pending >= lasts
            ? met.As(RuleState.Firing, at) with { FiringSince = before.FiringSince ?? at }
            : met.As(RuleState.Pending, at);
    }

    private static RuleStanding NotMet(RuleStanding before, DateTimeOffset at, TimeSpan keeps)
    {
        var clear = before.ClearSince ?? at;
        return before.IsAlerting && at - clear < keeps
            ? before.As(RuleState.Firing, at) with { ClearSince = clear }
            : before.As(RuleState.Inactive, at) with { PendingSince = null, FiringSince = null, ClearSince = null, LastGood = at, Value = null };
    }

    private RuleStanding As(RuleState state, DateTimeOffset at) => state == State ? this : this with { State = state, Since = at };
}
