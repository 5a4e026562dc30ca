using System.Diagnostics.Metrics;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain;

namespace PartnerPortal.Engine.Running;

/// <summary>How the portal itself stands, as it was looked at last: for the banner, /metrics and the outside heartbeat.</summary>
public sealed class SelfWatch : IDisposable
{
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromSeconds(2);
    private readonly Meter _meter = new("PartnerPortal");
    private volatile SelfCheck _current = new(DateTimeOffset.MinValue, [], null);

    /// <summary>Publishes the figures.</summary>
    public SelfWatch()
    {
        _meter.CreateObservableGauge("portal_late_steps", () => _current.Standing?.LateSteps ?? 0, description: "Escalation steps that should have been taken more than 15 seconds ago.");
        _meter.CreateObservableGauge("portal_step_lateness", () => _current.Standing?.LatestStep.TotalSeconds ?? 0, "s", "How late the latest escalation step is.");
        _meter.CreateObservableGauge("portal_waiting_messages", () => _current.Standing?.WaitingMessages ?? 0, description: "Messages that should have been sent more than two minutes ago.");
        _meter.CreateObservableGauge("portal_message_age", () => _current.Standing?.OldestMessage.TotalSeconds ?? 0, "s", "For how long the oldest message waits.");
        _meter.CreateObservableGauge("portal_waiting_alerts", () => _current.Standing?.WaitingAlerts ?? 0, description: "Alerts that should have reached their incident more than 30 seconds ago.");
        _meter.CreateObservableGauge("portal_problems", () => _current.Problems.Count, description: "What the portal finds wrong with itself.");
    }

    /// <summary>The last look.</summary>
    public SelfCheck Current => _current;

    /// <summary>Keeps a look.</summary>
    public SelfCheck Saw(PagingStanding standing, DateTimeOffset at)
    {
        List<string> problems = [];
        if (standing.LateSteps > 0)
        {
            problems.Add($"{Count(standing.LateSteps, "escalation step is", "escalation steps are")} late, by up to {Durations.Said(standing.LatestStep)}.");
        }

        if (standing.WaitingMessages > 0)
        {
            problems.Add($"{Count(standing.WaitingMessages, "message waits", "messages wait")} to be sent, the oldest for {Durations.Said(standing.OldestMessage)}.");
        }

        if (standing.WaitingAlerts > 0)
        {
            problems.Add($"{Count(standing.WaitingAlerts, "alert waits", "alerts wait")} for an incident, the oldest for {Durations.Said(standing.OldestAlert)}.");
        }

        if (standing.IdleModules.Count > 0)
        {
            problems.Add($"Nothing was done for two minutes by: {string.Join(", ", standing.IdleModules)}.");
        }

        if ((standing.Now - at).Duration() is var apart && apart > _clockTolerance)
        {
            problems.Add($"The clocks of this portal and its database are {Durations.Said(apart)} apart.");
        }

        return _current = new(at, problems, standing);
    }

    /// <summary>Keeps that the database did not answer.</summary>
    public SelfCheck SawNothing(DateTimeOffset at) => _current = new(at, ["The database does not answer: alerts are refused and nobody is paged."], null);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static string Count(int count, string one, string many) => FormattableString.Invariant($"{count} {(count == 1 ? one : many)}");
}

/// <summary>One look of the portal at itself.</summary>
/// <param name="At">When; the beginning of time before the first.</param>
/// <param name="Problems">What is wrong, a sentence each; empty: nothing.</param>
/// <param name="Standing">The figures; null while the database does not answer.</param>
public sealed record SelfCheck(DateTimeOffset At, IReadOnlyList<string> Problems, PagingStanding? Standing);

/// <summary>Where somebody outside waits for a sign of life of the portal. Setting <c>Portal__Watch__HeartbeatUrl</c>.</summary>
/// <param name="Url">An address that is asked for twice a minute while nothing is wrong; null: nobody waits.</param>
public sealed record OutsideHeartbeat(Uri? Url)
{
    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static OutsideHeartbeat Read(string? setting) => string.IsNullOrWhiteSpace(setting) ? new((Uri?)null)
        : Uri.TryCreate(setting, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? new(url)
        : throw new FormatException("Portal__Watch__HeartbeatUrl is not an http or https address.");
}
