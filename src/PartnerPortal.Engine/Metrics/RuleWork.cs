using System.Security.Cryptography;
using System.Text;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>One rule in memory between its computations: its expression as it was read, and how it stands.</summary>
public sealed class RuleWork
{
    /// <summary>Most sets of labels that one rule may raise alerts for; more is a rule that nobody could answer.</summary>
    public const int MostSets = 500;

    private readonly Dictionary<string, StandingFound> _standings;

    /// <summary>Takes up a rule where it was left.</summary>
    public RuleWork(RuleLoaded loaded)
    {
        (Row, Commits, Run, WrittenAt) = (loaded.Row, loaded.Commits, loaded.Row.Run, loaded.Row.Run?.At ?? DateTimeOffset.MinValue);
        _standings = loaded.Row.Standings.ToDictionary(s => s.Key);
        try
        {
            Expression = Expression.Parse(loaded.Row.Rule.Expression);
        }
        catch (ExpressionRefused refused)
        {
            Unreadable = refused.Message;
        }
    }

    /// <summary>The rule and where it belongs.</summary>
    public RuleRow Row { get; }

    /// <summary>The rule.</summary>
    public Rule Rule => Row.Rule;

    /// <summary>The expression; null when an older portal took what this one cannot read.</summary>
    public Expression? Expression { get; }

    /// <summary>Why not.</summary>
    public string? Unreadable { get; }

    /// <summary>How the last computation went.</summary>
    public RuleRun? Run { get; private set; }

    /// <summary>How often it was written.</summary>
    public long Commits { get; private set; }

    /// <summary>The computation that was written last.</summary>
    public DateTimeOffset WrittenAt { get; private set; }

    /// <summary>Only one computation of a rule at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>What a computation means for every set of labels; nothing is changed before <see cref="Accept"/>.</summary>
    /// <exception cref="ExpressionRefused">Too many sets.</exception>
    public IReadOnlyList<StandingMoved> Judge(RuleResult result, DateTimeOffset at)
    {
        if (result.Answer.Series.Count > MostSets)
        {
            throw new ExpressionRefused($"The condition is met by {result.Answer.Series.Count} sets of labels; at most {MostSets} can raise alerts. Add them up, for example with sum by.", 0);
        }

        List<StandingMoved> judged = [];
        foreach (var series in result.Answer.Series)
        {
            var labels = Rule.LabelsOf(series.Labels.Select(l => KeyValuePair.Create(l.Name, l.Value)));
            var key = KeyOf(labels);
            if (judged.Exists(j => j.Key == key))
            {
                throw new ExpressionRefused("Two results have the same labels once the rule's own are added. Take the rule's labels away, or tell the results apart.", 0);
            }

            var before = _standings.GetValueOrDefault(key);
            var next = RuleStanding.Next(
                before?.Standing ?? new RuleStanding(RuleState.Inactive, at, LastGood: Run?.LastGoodAt), RuleFinding.Met, Finite(series.Values[^1]), at, Rule.For, Rule.KeepFiringFor);
            judged.Add(Moved(key, labels, before, next));
        }

        foreach (var before in _standings.Values.Where(s => !judged.Exists(j => j.Key == s.Key)).ToList())
        {
            var found = result.HasData(Unlabelled(before.Labels)) ? RuleFinding.NotMet : RuleFinding.Missing;
            judged.Add(Moved(before.Key, before.Labels, before, RuleStanding.Next(before.Standing, found, null, at, Rule.For, Rule.KeepFiringFor)));
        }

        return judged;
    }

    /// <summary>Whether a judgement differs from what is stored in more than its value.</summary>
    public bool IsMove(StandingMoved judged) =>
        !_standings.TryGetValue(judged.Key, out var before) || before.Standing with { Value = null, LastGood = null } != judged.Standing with { Value = null, LastGood = null };

    /// <summary>Takes over what was judged.</summary>
    /// <param name="run">How the computation went.</param>
    /// <param name="judged">Every set.</param>
    /// <param name="alerts">The alerts of the sets that were written.</param>
    /// <param name="written">Whether it was written.</param>
    public void Accept(RuleRun run, IReadOnlyList<StandingMoved> judged, IReadOnlyDictionary<string, Guid?> alerts, bool written)
    {
        Run = run;
        foreach (var set in judged)
        {
            if (set.Standing.State == RuleState.Inactive)
            {
                _standings.Remove(set.Key);
            }
            else
            {
                _standings[set.Key] = new StandingFound(set.Key, set.Labels, set.Standing, alerts.GetValueOrDefault(set.Key, set.AlertId));
            }
        }

        if (written)
        {
            (Commits, WrittenAt) = (Commits + 1, run.At);
        }
    }

    private StandingMoved Moved(string key, IReadOnlyDictionary<string, string> labels, StandingFound? before, RuleStanding next)
    {
        var summary = Rule.SummaryOf(labels, next.Value);
        var raise = next.IsAlerting && before?.Standing.IsAlerting != true ? new AlertReport(
            Rule.PartnerId, Rule.IntegrationId, Alert.FromRule, Rule.Slug, $"{Rule.Id:N}:{key}", Rule.Title, summary, Rule.Severity, labels, next.Value,
            new Onset(next.LastGood, next.PendingSince!.Value, "seen by the rule"), Rule.Runbook, Rule.Id) : null;
        return new StandingMoved(key, labels, next, before?.AlertId, raise, summary);
    }

    // The rule's own labels are on no series.
    private Dictionary<string, string> Unlabelled(IReadOnlyDictionary<string, string> labels) =>
        labels.Where(l => !Rule.Labels.ContainsKey(l.Key)).ToDictionary(l => l.Key, l => l.Value);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string KeyOf(IReadOnlyDictionary<string, string> labels) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(LabelSet.Of(labels.Select(l => new Label(l.Key, l.Value))).ToString())).AsSpan(0, 16));
}
