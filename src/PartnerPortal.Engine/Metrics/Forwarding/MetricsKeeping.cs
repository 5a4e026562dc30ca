using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>Where samples are kept.</summary>
/// <param name="Engine"><c>postgresql</c> or <c>prometheus</c>.</param>
/// <param name="Raw">How long the portal's own blocks keep every sample.</param>
/// <param name="FiveMinutes">How long rollups of five minutes are kept.</param>
/// <param name="Hours">How long rollups of an hour are kept.</param>
/// <param name="Forwarding">How forwarding to the bigger engine goes; null without one.</param>
public sealed record MetricsKept(string Engine, TimeSpan Raw, TimeSpan FiveMinutes, TimeSpan Hours, ForwardingState? Forwarding);

/// <summary>How forwarding goes.</summary>
/// <param name="WriteTo">Host and port that samples go to.</param>
/// <param name="ReadFrom">Host and port that they are read from.</param>
/// <param name="Queue">How long samples wait at most, before they go into the portal's own blocks.</param>
/// <param name="Samples">Samples that the engine took.</param>
/// <param name="Refused">Samples that it refused for good.</param>
/// <param name="Refusal">The reason that it gave last.</param>
/// <param name="WaitsFrom">Since when samples wait; null while none does.</param>
/// <param name="KeptTo">Up to here samples waited too long, and went into the portal's own blocks.</param>
/// <param name="Trouble">Why the engine cannot be used, as far as the portal that was asked knows.</param>
public sealed record ForwardingState(
    string WriteTo, string ReadFrom, TimeSpan Queue, long Samples, long Refused, string? Refusal, DateTimeOffset? WaitsFrom, DateTimeOffset? KeptTo, string? Trouble);

/// <summary>Says where samples are kept, for the settings page and the API.</summary>
public sealed class MetricsKeeping(Retention kept, ForwardStore store, MetricsEngine? engine = null, ForwardModule? module = null)
{
    /// <summary>How it stands now.</summary>
    public async Task<MetricsKept> NowAsync(CancellationToken cancel)
    {
        if (engine is null)
        {
            return new("postgresql", kept.Raw, kept.FiveMinutes, kept.Hours, null);
        }

        var state = await store.StateAsync(cancel);
        return new("prometheus", kept.Raw, kept.FiveMinutes, kept.Hours, new(
            engine.WriteUrl.Authority, engine.QueryUrl.Authority, engine.Queue, state.Samples, state.Refused, state.Refusal, state.WaitsFrom, state.KeptTo, module?.Trouble));
    }
}
