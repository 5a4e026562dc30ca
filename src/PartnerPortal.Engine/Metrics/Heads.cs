using System.Collections.Concurrent;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Engine.Metrics;

/// <summary>The heads of the sources that this portal scrapes. Rules and charts read the newest samples here, before they are even committed.</summary>
public sealed class Heads(SampleStore samples)
{
    /// <summary>How long sealed samples stay in memory all the same, for the windows of rules.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<Guid, SourceHead> _heads = new();

    /// <summary>How many sources have a head here.</summary>
    public int Count => _heads.Count;

    /// <summary>Adds a scrape of a source.</summary>
    public void Append(Guid source, ScrapeRow row) => _heads.GetOrAdd(source, _ => new SourceHead()).Append(row);

    /// <summary>The head of a source, or null when this portal does not scrape it.</summary>
    public SourceHead? Find(Guid source) => _heads.GetValueOrDefault(source);

    /// <summary>Forgets sources that another portal scrapes from now on.</summary>
    public void Drop(IEnumerable<Guid> sources)
    {
        foreach (var source in sources)
        {
            _heads.TryRemove(source, out _);
        }
    }

    /// <summary>Fills a head with what the log holds from before this portal scraped the source. Until then readers find it in the log.</summary>
    public async Task ReplayAsync(Guid source, CancellationToken cancel)
    {
        var head = _heads.GetOrAdd(source, _ => new SourceHead());
        head.Prepend(await samples.UnsealedAsync(source, head.From, cancel));
    }
}
