using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Gathers the scrapes of all sources and writes them in one commit, once in three quarters of a second. While the database is
/// away it keeps the newest and tries again; a second of scrapes is the most that a killed portal loses.
/// </summary>
public sealed class ScrapeLog : IAsyncDisposable
{
    private const int MostWaiting = 20_000;
    private const int MostAtOnce = 2_000;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(750);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly Channel<LoggedScrape> _waiting;
    private readonly SemaphoreSlim _hurry = new(0);
    private readonly ScrapeLogStore _store;
    private readonly ILogger<ScrapeLog> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private long _added;
    private long _done;

    /// <summary>Starts writing.</summary>
    public ScrapeLog(ScrapeLogStore store, ILogger<ScrapeLog> log)
    {
        (_store, _log) = (store, log);
        _waiting = Channel.CreateBounded<LoggedScrape>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _done));
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Takes a scrape; it is written within a second.</summary>
    public void Add(LoggedScrape scrape)
    {
        Interlocked.Increment(ref _added);
        if (!_waiting.Writer.TryWrite(scrape))
        {
            Interlocked.Increment(ref _done);
        }
    }

    /// <summary>Returns when everything that was added before is committed (or refused because another portal took over).</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        var target = Interlocked.Read(ref _added);
        while (Interlocked.Read(ref _done) < target)
        {
            if (_hurry.CurrentCount == 0)
            {
                _hurry.Release();
            }

            await Task.Delay(LookAgain, cancel);
        }
    }

    /// <summary>Writes what is left, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        _hurry.Dispose();
    }

    private async Task WriteAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // Real time on purpose: this is about the disk, not about the clock that tests move.
            Task gathered = _hurry.WaitAsync(Gather, _stop.Token);
            await gathered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            List<LoggedScrape> batch = [];
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var scrape))
            {
                batch.Add(scrape);
            }

            if (batch.Count > 0)
            {
                await WriteAsync(batch);
                Interlocked.Add(ref _done, batch.Count);
            }
        }
    }

    private async Task WriteAsync(List<LoggedScrape> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var written = await _store.AppendAsync(batch, CancellationToken.None);
                if (written < batch.Count)
                {
                    _log.LogInformation("{Count} of {All} scrapes were not kept: their source was removed, or another portal scrapes it now", batch.Count - written, batch.Count);
                }

                return;
            }
            catch (Exception e)
            {
                _log.LogWarning("{Count} scrapes could not be written and are kept: {Reason}", batch.Count, e.Message);
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromSeconds(Math.Min(attempt, 10)), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
