using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.TimeSeries.Blocks;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Scrapes one source at its own pace and remembers its series between scrapes. One at a time; the module ends it when the source changes.</summary>
/// <remarks>
/// All samples of a scrape carry the moment when we asked: a service's own stamps may lag or lie, and one clock for both sides is
/// what makes them comparable. How far the newest of its stamps is from ours is kept beside them, as a series.
/// </remarks>
public sealed class SourceScraper(
    MetricSource source, MetricSourceStore sources, SeriesStore series, ScrapeClient client, ScrapeIntake intake, TimeProvider clock, ILogger logger)
{
    private static readonly string[] OwnLabels = ["partner", "integration", "source", "side", "instance"];

    private static readonly string[] Synthetic = ["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_body_size_bytes", "scrape_clock_skew_seconds"];

    private static readonly TimeSpan RememberSeries = TimeSpan.FromDays(1);

    // A year; services that stamp with zero or in the wrong unit are off by more.
    private const long MostSkew = 366L * 24 * 3_600_000;

    private readonly Dictionary<string, MetricFamily> _described = new(StringComparer.Ordinal);
    private SeriesCache _cache = new();
    private DateTimeOffset _remembersSince;
    private int[]? _synthetic;
    private RowOrder? _order;
    private object? _lastFamilies;
    private bool? _up;
    private long _restsUntil;

    /// <summary>What is scraped.</summary>
    public MetricSource Source { get; } = source;

    /// <summary>When the next scrape is due; the beginning of time while one is under way.</summary>
    public DateTimeOffset RestsUntil => new(Interlocked.Read(ref _restsUntil), TimeSpan.Zero);

    /// <summary>Scrapes until cancelled.</summary>
    /// <param name="atOnce">Whether to begin without waiting for the first due moment.</param>
    /// <param name="claim">Asked before each scrape: another portal may have taken over.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(bool atOnce, Func<PartnerClaim?> claim, CancellationToken cancel)
    {
        var pace = Pace.Of(Source.Id, Source.Interval);
        var last = DateTimeOffset.MinValue;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var due = clock.GetUtcNow();
                if (!atOnce)
                {
                    // A timer may ring a moment early; the same due moment never comes twice.
                    due = pace.After(due > last ? due : last);
                    Interlocked.Exchange(ref _restsUntil, due.UtcTicks);
                    await Task.Delay(due - clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero, clock, cancel);
                }

                Interlocked.Exchange(ref _restsUntil, 0);
                (atOnce, last) = (false, due);
                if (claim() is { } ours)
                {
                    await ScrapeAsync(ours, due, cancel);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database is away, most likely; the next scrape tries again.
                logger.LogWarning("A scrape of {Source} was lost: {Reason}", Source.Name, e.Message);
            }
        }
    }

    /// <summary>Scrapes once and hands the result on.</summary>
    /// <param name="claim">Under which lease.</param>
    /// <param name="at">The instant of its samples: when it was due, so that two portals never make two of one.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<ScrapeResult> ScrapeAsync(PartnerClaim claim, DateTimeOffset at, CancellationToken cancel)
    {
        if (at - _remembersSince > RememberSeries)
        {
            // Series that nobody saw for long are forgotten by the database; asking anew each day keeps their numbers true.
            (_cache, _synthetic, _order, _remembersSince) = (new SeriesCache(), null, null, at);
        }

        var result = OpenHeaders() is { } headers
            ? await client.ScrapeAsync(Source, headers, _cache, cancel)
            : new ScrapeResult(null, "The headers of this source were sealed with another key. Enter them again.", null, TimeSpan.Zero, 0);
        var time = at.ToUnixTimeMilliseconds();
        var row = await RowAsync(result, time, cancel);
        if (result.Page is { } page)
        {
            await DescribeAsync(page, cancel);
        }

        var up = result.Error is null;
        var skew = SkewOf(result, time) is { } off ? TimeSpan.FromMilliseconds(off) : (TimeSpan?)null;
        var status = new SourceStatus(
            at, up ? at : null, at, result.Took, result.Page?.Series.Length ?? 0, result.Bytes, result.Page?.Duplicates ?? 0, result.Error, result.Line, skew);
        var turned = _up != up;
        _up = up;
        await intake.TakeAsync(Source, new LoggedScrape(Source.Id, claim, row, status, turned), cancel);
        return result;
    }

    /// <summary>Ends the source's series now: it is not scraped any more, so its last values are not current.</summary>
    public void End(PartnerClaim? claim)
    {
        if (_up is not null && claim is { } ours)
        {
            intake.Keep(new LoggedScrape(Source.Id, ours, new ScrapeRow(clock.GetUtcNow().ToUnixTimeMilliseconds(), [], []), null, false));
        }
    }

    /// <summary>How far the service's newest stamp is ahead of us, in milliseconds; null when it gives none.</summary>
    private static long? SkewOf(ScrapeResult result, long time) =>
        result.Page?.NewestStamp is { } stamp and not ExpositionPage.NoStamp ? Math.Clamp(stamp - time, -MostSkew, MostSkew) : null;

    private IReadOnlyDictionary<string, string>? OpenHeaders()
    {
        try
        {
            return sources.OpenHeaders(Source);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private async Task<ScrapeRow> RowAsync(ScrapeResult result, long time, CancellationToken cancel)
    {
        _synthetic ??= await series.NumberAsync(Source.Id, [.. Synthetic.Select(Own)], time, cancel);
        var skew = SkewOf(result, time);
        var own = skew is null ? _synthetic[..^1] : _synthetic;
        if (result.Page is { } page)
        {
            if (!ReferenceEquals(page.Series, _order?.Of) || _order!.Own != own.Length)
            {
                await NumberAsync(page, time, cancel);
                _order = RowOrder.For(page.Series, own);
            }
        }
        else
        {
            _order = RowOrder.For([], own);
        }

        // Ours last, so that a service's own series of the same name cannot stand in for them.
        return new ScrapeRow(time, _order!.Ids, _order.Arrange(
            result.Page?.Values ?? [], [result.Error is null ? 1 : 0, result.Took.TotalSeconds, result.Page?.Series.Length ?? 0, result.Bytes, skew / 1000.0 ?? 0]));
    }

    private async Task NumberAsync(ExpositionPage page, long time, CancellationToken cancel)
    {
        var unknown = page.Series.Where(s => s.Id == 0).Distinct().ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        var labels = unknown.ConvertAll(s => Stored(s.Labels));
        var distinct = labels.Distinct().ToList();
        var numbers = distinct.Zip(await series.NumberAsync(Source.Id, distinct, time, cancel)).ToDictionary(n => n.First, n => n.Second);
        for (var i = 0; i < unknown.Count; i++)
        {
            unknown[i].Id = numbers[labels[i]];
        }
    }

    private async Task DescribeAsync(ExpositionPage page, CancellationToken cancel)
    {
        if (ReferenceEquals(page.Families, _lastFamilies))
        {
            return;
        }

        var changed = page.Families.Values.Where(f => !_described.TryGetValue(f.Name, out var known) || known != f).ToList();
        if (changed.Count > 0)
        {
            await series.DescribeAsync(Source.Id, changed, cancel);
            foreach (var family in changed)
            {
                _described[family.Name] = family;
            }
        }

        _lastFamilies = page.Families;
    }

    private LabelSet Own(string name) => LabelSet.Of((Label.MetricName, name), ("instance", Source.Instance));

    /// <summary>A service's own labels of our names step aside, as Prometheus does it: <c>source</c> becomes <c>exported_source</c>.</summary>
    private LabelSet Stored(LabelSet scraped)
    {
        var labels = new Dictionary<string, string>(scraped.Count + 1);
        foreach (var label in scraped.Where(l => !OwnLabels.Contains(l.Name)))
        {
            labels[label.Name] = label.Value;
        }

        foreach (var label in scraped.Where(l => OwnLabels.Contains(l.Name)))
        {
            var name = "exported_" + label.Name;
            while (labels.ContainsKey(name))
            {
                name = "exported_" + name;
            }

            labels[name] = label.Value;
        }

        labels["instance"] = Source.Instance;
        return LabelSet.Of(labels.Select(l => new Label(l.Key, l.Value)));
    }
}
