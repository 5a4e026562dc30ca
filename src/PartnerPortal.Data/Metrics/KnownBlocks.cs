using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.Data.Metrics;

/// <summary>A sealed block that was seen: its source and stretch name its samples, which never change.</summary>
/// <param name="Source">The source or writer.</param>
/// <param name="From">Its first instant, milliseconds since 1970.</param>
/// <param name="To">Its last one; of a block of rollups, which may be written anew, the transaction that wrote it.</param>
/// <param name="Index">What it holds.</param>
internal sealed record KnownBlock(Guid Source, long From, long To, BlockIndex Index);

/// <summary>The sealed blocks of a source or writer, as far as they are known: all of those that reach into the time from <paramref name="From"/> to <paramref name="SealedTo"/>.</summary>
/// <param name="Pushed">A writer's: what is missing in a row merely was not sent.</param>
/// <param name="From">Milliseconds since 1970.</param>
/// <param name="SealedTo">Up to where the source was sealed when somebody looked last.</param>
/// <param name="CompleteBefore">
/// Everything before this instant stands in these blocks, and nothing can be added to it: this portal scrapes the source, and the log held
/// nothing older. <see cref="long.MinValue"/> when that is not so.
/// </param>
/// <param name="Blocks">In order of time; a block of a day stands in the place of its windows.</param>
internal sealed record KnownBlocks(bool Pushed, long From, long SealedTo, long CompleteBefore, IReadOnlyList<KnownBlock> Blocks)
{
    /// <summary>About how much memory they take.</summary>
    public long Bytes => Blocks.Sum(b => 13L * b.Index.Series.Count + 8L * b.Index.Times.Length + 200);

    /// <summary>Those that reach into a stretch of time, both ends included.</summary>
    public IEnumerable<KnownBlock> Within(long from, long to) => Blocks.Where(b => b.From <= to && b.To >= from);

    /// <summary>With blocks that were found later or further back, which may hold some of these.</summary>
    public IReadOnlyList<KnownBlock> With(IReadOnlyList<KnownBlock> found) => found.Count == 0
        ? Blocks
        : [.. Blocks.Where(b => !found.Any(f => f.From <= b.From && f.To >= b.To)).Concat(found).OrderBy(b => b.From)];
}
