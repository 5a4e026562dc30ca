using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Escalation;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Engine.Running;

/// <summary>
/// Looks twice a minute whether the portal pages as it should. What is wrong stands in the banner, the log and /metrics; while nothing is wrong, the
/// outside heartbeat is asked for, so that the silence of the portal itself is noticed by somebody who does not depend on it.
/// </summary>
public sealed class SelfWatchModule(PagingWatchStore store, SelfWatch watch, OutsideHeartbeat heartbeat, GuardedHttpClient http, TimeProvider clock, ILogger<SelfWatchModule> log) : IEngineModule
{
    /// <summary>The names of the modules without which nobody is paged.</summary>
    public static readonly IReadOnlyList<string> Paging = ["open incidents", "escalate", "send by mail"];

    // A portal that was away catches up first: what is late then says nothing.
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(20);
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private string _said = "";

    /// <inheritdoc/>
    public string Name => "self-watch";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public bool Everywhere => true;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (clock.GetUtcNow() - _began < _settling)
        {
            return;
        }

        var check = await LookAsync(cancel);
        var said = string.Join(' ', check.Problems);
        if (said.Length > 0 && said != _said)
        {
            log.LogError("The portal does not page as it should: {Problems}", said);
        }
        else if (said.Length == 0 && _said.Length > 0)
        {
            log.LogInformation("The portal pages as it should again");
        }

        _said = said;
        if (said.Length == 0 && heartbeat.Url is { } url)
        {
            await BeatAsync(url, cancel);
        }
    }

    private async Task<SelfCheck> LookAsync(CancellationToken cancel)
    {
        try
        {
            return watch.Saw(await store.LookAsync(Paging, cancel), clock.GetUtcNow());
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("The portal could not look at itself: {Reason}", e.Message);
            return watch.SawNothing(clock.GetUtcNow());
        }
    }

    private async Task BeatAsync(Uri url, CancellationToken cancel)
    {
        try
        {
            await using var answer = await http.SendAsync(OutboundRequest.Get(url) with { Limits = OutboundLimits.Within(TimeSpan.FromSeconds(10)) }, cancel);
            if ((int)answer.Status >= 400)
            {
                log.LogWarning("The outside heartbeat answered {Status}", (int)answer.Status);
            }
        }
        catch (OutboundException e)
        {
            log.LogWarning("The outside heartbeat could not be reached: {Reason}", e.Message);
        }
    }
}
