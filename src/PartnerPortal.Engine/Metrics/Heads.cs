using System.Collections.Concurrent;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Engine.Metrics;

/// <summary>
/// The heads of the sources that this portal scrapes. Rules and charts read the newest samples here, before they are even
/// committed. A head counts only while the lease under which it was filled is ours: afterwards another portal knows more.
/// </summary>
public sealed class Heads(SampleStore samples, PartnerClaims claims)
{
    /// <summary>How long sealed samples stay in memory all the same, for the windows of rules.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<Guid, Held> _heads = new();

    private sealed record Held(PartnerClaim Claim, SourceHead Head);

    /// <summary>How many sources have a head here.</summary>
    public int Count => _heads.Count;

    /// <summary>The sources that have a head here.</summary>
    public IReadOnlyCollection<Guid> Sources => [.. _heads.Keys];

    /// <summary>Adds a scrape.</summary>
    public void Append(Guid source, PartnerClaim claim, ScrapeRow row) => Open(source, claim).Append(row);

    /// <summary>The head of a source, or null when this portal does not scrape it.</summary>
    public SourceHead? Find(Guid source) =>
        _heads.TryGetValue(source, out var held) && claims.On(held.Claim.PartnerId) == held.Claim ? held.Head : null;

    /// <summary>Forgets the sources of partners that another portal scrapes from now on.</summary>
    public void Drop(IReadOnlySet<Guid> partners)
    {
        foreach (var (source, held) in _heads)
        {
            if (partners.Contains(held.Claim.PartnerId))
            {
                _heads.TryRemove(source, out _);
            }
        }
    }

    /// <summary>Fills a head with what the log holds from before this portal scraped the source. Until then readers find it in the log.</summary>
    public async Task ReplayAsync(Guid source, PartnerClaim claim, CancellationToken cancel)
    {
        if (claims.On(claim.PartnerId) == claim)
        {
            var head = Open(source, claim);
            head.Prepend(await samples.UnsealedAsync(source, head.From, cancel));
        }
    }

    private SourceHead Open(Guid source, PartnerClaim claim) => _heads.AddOrUpdate(
        source, static (_, claim) => new Held(claim, new SourceHead()), static (_, held, claim) => held.Claim == claim ? held : new Held(claim, new SourceHead()), claim).Head;
}
