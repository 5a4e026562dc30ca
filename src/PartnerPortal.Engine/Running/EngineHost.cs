using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Engine.Running;

/// <summary>Runs every module at its own pace, each under a lease, so that two portals on one database never do the same work.</summary>
public sealed class EngineHost(IEnumerable<IEngineModule> modules, LeaseStore leases, TimeProvider clock, ILogger<EngineHost> log) : BackgroundService
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WriteDownEvery = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(modules.Select(m => LoopAsync(m, stoppingToken)));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            foreach (var module in modules)
            {
                await module.StopAsync(cancellationToken);
            }

            await leases.ReleaseAllAsync(cancellationToken);
        }
        catch (Exception e)
        {
            log.LogInformation("Leases run out by themselves, since they could not be given back: {Reason}", e.Message);
        }
    }

    private async Task LoopAsync(IEngineModule module, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(module.Every, clock);
        var written = DateTimeOffset.MinValue;
        try
        {
            do
            {
                written = await RunOnceAsync(module, written, cancel);
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    private async Task<DateTimeOffset> RunOnceAsync(IEngineModule module, DateTimeOffset written, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        string? error = null;
        try
        {
            if (!module.Everywhere && await leases.TryTakeAsync("module:" + module.Name, LongestRun + module.Every, cancel) is null)
            {
                return written;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(LongestRun);
            await module.RunAsync(limit.Token);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            error = e.Message;
            log.LogError(e, "The module {Module} failed and runs again in {Every}", module.Name, module.Every);
        }

        if (error is null && clock.GetUtcNow() - written < WriteDownEvery)
        {
            return written;
        }

        try
        {
            await leases.RecordRunAsync(module.Name, watch.Elapsed, error, cancel);
            return clock.GetUtcNow();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("How the module {Module} ran could not be written down: {Reason}", module.Name, e.Message);
            return written;
        }
    }
}
