using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// Gathers the scrapes of all sources and writes them in one commit, at most once in half a second. While the database is away
/// it keeps the newest and tries again; a full second of scrapes is the most that a killed portal loses.
/// </summary>
public sealed class ScrapeLog : IAsyncDisposable
{
    private const int MostWaiting = 20_000;
    private const int MostAtOnce = 2_000;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    private readonly Channel<LoggedScrape> _waiting =
        Channel.CreateBounded<LoggedScrape>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ScrapeLogStore _store;
    private readonly ILogger<ScrapeLog> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    /// <summary>Starts writing.</summary>
    public ScrapeLog(ScrapeLogStore store, ILogger<ScrapeLog> log)
    {
        (_store, _log) = (store, log);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Takes a scrape; it is written within a second.</summary>
    public void Add(LoggedScrape scrape) => _waiting.Writer.TryWrite(scrape);

    /// <summary>Writes what is left, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // Real time on purpose: this is about the disk, not about the clock that tests move.
            await Task.Delay(Gather, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            List<LoggedScrape> batch = [];
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var scrape))
            {
                batch.Add(scrape);
            }

            await WriteAsync(batch);
        }
    }

    private async Task WriteAsync(List<LoggedScrape> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _store.AppendAsync(batch, CancellationToken.None);
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
