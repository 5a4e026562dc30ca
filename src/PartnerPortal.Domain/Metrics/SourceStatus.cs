namespace PartnerPortal.Domain.Metrics;

/// <summary>How the last scrape of a source went. It changes with every scrape, so it is no part of the audited source.</summary>
/// <param name="LastScrapeAt">When the last scrape began.</param>
/// <param name="LastGoodAt">When the last good one began; null while there was none.</param>
/// <param name="Since">Since when it is up, or down.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Samples">How many samples it brought; 0 for a failure.</param>
/// <param name="Bytes">How large the page was, after decompression.</param>
/// <param name="Duplicates">How many lines repeated a series and were left out.</param>
/// <param name="Error">Why it failed, in a sentence; null when it did not.</param>
/// <param name="ErrorLine">The line where reading stopped, from 1; null when no line is to blame.</param>
/// <param name="Skew">How far the newest stamp of the service's own is ahead of our clock, negative when behind; null when it gives none.</param>
public sealed record SourceStatus(
    DateTimeOffset LastScrapeAt, DateTimeOffset? LastGoodAt, DateTimeOffset Since, TimeSpan Duration, int Samples, long Bytes, int Duplicates, string? Error, int? ErrorLine,
    TimeSpan? Skew = null)
{
    /// <summary>The state of a source with this status, or with none yet.</summary>
    public static SourceState StateOf(MetricSource source, SourceStatus? status) =>
        source.PausedAt is not null ? SourceState.Paused
        : status is null ? SourceState.Waiting
        : status.Error is null ? SourceState.Up
        : SourceState.Down;
}
