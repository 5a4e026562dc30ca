using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// All rules that are computed, in memory. A rule is computed when samples of its integration came, and at the latest every
/// <see cref="Latest"/>; what moves is written at once, together with its alert, and nothing counts before it is written.
/// </summary>
public sealed class RuleBoard : IScrapeListener, IDisposable
{
    /// <summary>The longest that a rule waits for its next computation.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromSeconds(15);

    private readonly RuleStandingStore _store;
    private readonly RuleReading _reading;
    private readonly OnsetReading _onsets;
    private readonly TimeProvider _clock;
    private readonly ILogger<RuleBoard> _log;
    private readonly IDisposable _changes;
    private readonly SemaphoreSlim _loading = new(1);
    private IReadOnlyList<RuleWork> _rules = [];
    private volatile bool _changed = true;

    /// <summary>An empty board; rules are read with the first computation.</summary>
    public RuleBoard(RuleStandingStore store, RuleReading reading, OnsetReading onsets, ChangeFeed changes, TimeProvider clock, ILogger<RuleBoard> log)
    {
        (_store, _reading, _onsets, _clock, _log) = (store, reading, onsets, clock, log);
        _changes = changes.Subscribe(change => _changed |= change == ChangeFeed.Everything || change.Kind is "rule" or "partner" or "integration");
    }

    /// <inheritdoc />
    public Task OnScrapedAsync(MetricSource source, long time, CancellationToken cancel) =>
        ComputeAsync(source.IntegrationId, DateTimeOffset.FromUnixTimeMilliseconds(time), cancel);

    /// <summary>Computes every rule of an integration for this moment, or for that of its newest sample: a scrape's due moment may lie a little ahead.</summary>
    public Task ComputeAsync(Guid integration, DateTimeOffset newest, CancellationToken cancel) => ComputeAsync(r => r.Rule.IntegrationId == integration, newest, cancel);

    /// <summary>The same, by the labels that samples carry.</summary>
    public Task ComputeAsync(string partner, string integration, DateTimeOffset newest, CancellationToken cancel) =>
        ComputeAsync(r => r.Row.Partner == partner && r.Row.Integration == integration, newest, cancel);

    /// <summary>Whether an integration may have rules: what was read last has some, or must be read again.</summary>
    public bool Watches(string partner, string integration) => _changed || _rules.Any(r => r.Row.Partner == partner && r.Row.Integration == integration);

    /// <summary>Computes every rule that no scrape woke for <see cref="Latest"/>: its source is paused or gone, or pushes pause.</summary>
    public async Task ComputeDueAsync(CancellationToken cancel)
    {
        foreach (var rule in await RulesAsync(cancel))
        {
            var now = _clock.GetUtcNow();
            if (rule.Run is not { } run || now - run.At >= Latest)
            {
                await TryComputeAsync(rule, now, cancel);
            }
        }
    }

    /// <summary>Reads rules again before the next computation.</summary>
    public void Forget() => _changed = true;

    /// <summary>Leaves the change feed.</summary>
    public void Dispose()
    {
        _changes.Dispose();
        _loading.Dispose();
    }

    private async Task ComputeAsync(Func<RuleWork, bool> which, DateTimeOffset newest, CancellationToken cancel)
    {
        DateTimeOffset Moment() => _clock.GetUtcNow() is var now && now > newest ? now : newest;
        foreach (var rule in (await RulesAsync(cancel)).Where(which))
        {
            if (!await TryComputeAsync(rule, Moment(), cancel) && (await RulesAsync(cancel)).FirstOrDefault(r => r.Rule.Id == rule.Rule.Id) is { } renewed)
            {
                // Once more from what is stored now; should that be lost, too, the other portal is at it.
                await TryComputeAsync(renewed, Moment(), cancel);
            }
        }
    }

    private async Task<IReadOnlyList<RuleWork>> RulesAsync(CancellationToken cancel)
    {
        if (!_changed)
        {
            return _rules;
        }

        await _loading.WaitAsync(cancel);
        try
        {
            if (_changed)
            {
                _changed = false;
                try
                {
                    var known = _rules.ToDictionary(r => r.Rule.Id);
                    // What is in memory is newer than what is stored, unless somebody edited the rule or another portal computed it.
                    _rules = [.. (await _store.ActiveAsync(cancel)).Select(l =>
                        known.TryGetValue(l.Row.Rule.Id, out var old) && old.Rule.Version == l.Row.Rule.Version && old.Commits == l.Commits ? old : new RuleWork(l))];
                }
                catch
                {
                    _changed = true;
                    throw;
                }
            }

            return _rules;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Computes a rule; false when somebody else wrote it meanwhile, so that it must be read again.</summary>
    private async Task<bool> TryComputeAsync(RuleWork rule, DateTimeOffset at, CancellationToken cancel)
    {
        await rule.Gate.WaitAsync(cancel);
        try
        {
            if (rule.Run is not { } last || at > last.At)
            {
                await ComputeAloneAsync(rule, at, cancel);
            }

            return true;
        }
        catch (ChangedMeanwhile)
        {
            Forget(); // another portal computed it, or somebody edited it
            return false;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            _log.LogWarning("The rule {Rule} of {Partner} could not be computed or written and is tried again: {Reason}", rule.Rule.Slug, rule.Row.Partner, e.Message);
            return true;
        }
        finally
        {
            rule.Gate.Release();
        }
    }

    private async Task ComputeAloneAsync(RuleWork rule, DateTimeOffset at, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        RuleResult? result = null;
        IReadOnlyList<StandingMoved> judged = [];
        var error = rule.Unreadable;
        try
        {
            if (rule.Expression is { } expression)
            {
                result = await _reading.ComputeAsync(rule.Row.Partner, rule.Row.Integration, expression, Steps.At(at.ToUnixTimeMilliseconds()), RuleReading.AtScrape, cancel);
                judged = rule.Judge(result, at);
            }
        }
        catch (ExpressionRefused refused)
        {
            (error, result) = (refused.Message, null);
        }

        var missing = result is not null && result.Answer.Series.Count == 0 && !result.HasData(null);
        var run = new RuleRun(
            at, missing || result is null ? rule.Run?.LastGoodAt : at, missing ? rule.Run?.NoDataSince ?? at : null,
            error, error is null ? null : rule.Run is { Error: not null } before ? before.ErrorSince : at, watch.Elapsed);
        await WriteAsync(rule, run, judged, result, cancel);
    }

    private async Task WriteAsync(RuleWork rule, RuleRun run, IReadOnlyList<StandingMoved> judged, RuleResult? result, CancellationToken cancel)
    {
        var beat = run.At - rule.WrittenAt >= Latest;
        var turned = rule.Run is not { } last || last.Error != run.Error || last.NoDataSince != run.NoDataSince;
        var moved = judged.Where(j => beat || rule.IsMove(j)).ToList();
        if (!beat && !turned && moved.Count == 0)
        {
            rule.Accept(run, judged, new Dictionary<string, Guid?>(), written: false);
            return;
        }

        var alerts = await _store.CommitAsync(rule.Rule.Id, rule.Commits, run, moved, cancel);
        rule.Accept(run, judged, moved.Zip(alerts).ToDictionary(p => p.First.Key, p => p.Second), written: true);
        foreach (var (set, alert) in moved.Zip(alerts).Where(p => p is { First.Raise: not null, Second: not null }))
        {
            // The alert is out; since when exactly may follow a moment later.
            _onsets.RefineSoon(alert!.Value, set.Raise!, result!, run.At);
        }
    }
}
