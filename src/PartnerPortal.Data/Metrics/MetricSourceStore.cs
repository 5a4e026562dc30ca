using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

/// <summary>A source with everything a list shows.</summary>
public sealed record SourceRow(MetricSource Source, string Partner, string Integration, SourceStatus? Status)
{
    /// <summary>How it is doing.</summary>
    public SourceState State => SourceStatus.StateOf(Source, Status);
}

/// <summary>Metric sources in the database.</summary>
public sealed class MetricSourceStore(PortalDatabase database, FieldCipher cipher)
{
    private static readonly TimeSpan IntervalsFor = TimeSpan.FromSeconds(1);

    private readonly BoundedCache<string, (long At, IReadOnlyDictionary<(string Integration, string Source), TimeSpan> Intervals)> _intervals = new(1024 * 1024, k => 100 * k.Intervals.Count);

    /// <summary>The sources of a partner, or of one of its integrations, by name.</summary>
    public async Task<IReadOnlyList<SourceRow>> ListAsync(string partner, string? integration, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, partner, db.Set<MetricSource>().OrderBy(s => s.Name), integration).ToListAsync(cancel);
    }

    /// <summary>How often the sources of a partner are scraped, by integration and source: what a chart needs to know of them. Remembered for a second.</summary>
    /// <exception cref="NotThere">No partner has this slug.</exception>
    public async Task<IReadOnlyDictionary<(string Integration, string Source), TimeSpan>> IntervalsAsync(string partner, CancellationToken cancel)
    {
        if (_intervals.TryGet(partner, out var known) && Stopwatch.GetElapsedTime(known.At) < IntervalsFor)
        {
            return known.Intervals;
        }

        var (at, asked) = (Stopwatch.GetTimestamp(), await AskIntervalsAsync(partner, cancel));
        _intervals.Put(partner, (at, asked));
        return asked;
    }

    private async Task<IReadOnlyDictionary<(string Integration, string Source), TimeSpan>> AskIntervalsAsync(string partner, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT i.slug, f.name, f.interval FROM partners.partners p
            LEFT JOIN (metrics.sources f JOIN integrations.integrations i ON i.id = f.integration_id) ON f.partner_id = p.id WHERE p.slug = $1
            """, connection);
        command.Parameters.Add(new() { Value = partner });
        await command.PrepareAsync(cancel);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var intervals = new Dictionary<(string, string), TimeSpan>();
        var there = false;
        while (await reader.ReadAsync(cancel))
        {
            there = true;
            if (!reader.IsDBNull(0))
            {
                intervals[(reader.GetString(0), reader.GetString(1))] = reader.GetFieldValue<TimeSpan>(2);
            }
        }

        return there ? intervals : throw new NotThere($"partner called {partner}");
    }

    /// <summary>One source by its name.</summary>
    /// <exception cref="NotThere">The partner has no such source.</exception>
    public async Task<SourceRow> GetAsync(string partner, string name, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await Rows(db, partner, db.Set<MetricSource>().Where(s => s.Name == name)).SingleOrDefaultAsync(cancel) ?? throw Nothing(partner, name);
    }

    /// <summary>Every source that is to be scraped: not paused, its partner not archived.</summary>
    public async Task<IReadOnlyList<MetricSource>> ActiveAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<MetricSource>()
            .Where(s => s.PausedAt == null && db.Partners.Any(p => p.Id == s.PartnerId && p.ArchivedAt == null))
            .OrderBy(s => s.Id).ToListAsync(cancel);
    }

    /// <summary>Every partner that has a source, paused ones and archived partners included.</summary>
    public async Task<IReadOnlyList<Guid>> PartnersAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<MetricSource>().Select(s => s.PartnerId).Distinct().OrderBy(id => id).ToListAsync(cancel);
    }

    /// <summary>Enters a source.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="AlreadyTaken">The partner has a source of this name.</exception>
    public async Task<SourceRow> EnterAsync(string partner, string integration, SourceDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await db.Integrations
            .Where(i => i.Slug == integration && db.Partners.Any(p => p.Id == i.PartnerId && p.Slug == partner))
            .SingleOrDefaultAsync(cancel) ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        var source = MetricSource.Enter(found.PartnerId, found.Id, draft, Seal, database.Now);
        db.Add(source);
        await db.SaveAsync(cancel, () => Taken(source.Name));
        _intervals.Remove(partner);
        return new SourceRow(source, partner, integration, null);
    }

    /// <summary>Changes what the draft names.</summary>
    /// <exception cref="ChangedMeanwhile">Somebody saved a newer version than the one read.</exception>
    public Task<SourceRow> ChangeAsync(string partner, string name, SourceDraft draft, uint? version, Actor by, CancellationToken cancel) =>
        EditAsync(partner, name, version, by, (_, source) => source.Change(draft, Seal), cancel);

    /// <summary>Stops scraping.</summary>
    public Task<SourceRow> PauseAsync(string partner, string name, Actor by, CancellationToken cancel) =>
        EditAsync(partner, name, null, by, (_, source) => source.Pause(database.Now), cancel);

    /// <summary>Goes on scraping.</summary>
    public Task<SourceRow> ResumeAsync(string partner, string name, Actor by, CancellationToken cancel) =>
        EditAsync(partner, name, null, by, (_, source) => source.Resume(), cancel);

    /// <summary>Removes a source with everything it measured.</summary>
    public Task RemoveAsync(string partner, string name, Actor by, CancellationToken cancel) =>
        EditAsync(partner, name, null, by, (db, source) => db.Remove(source), cancel);

    /// <summary>The headers of a source in the clear, for the scrape alone.</summary>
    /// <exception cref="CryptographicException">They were sealed with another key.</exception>
    public IReadOnlyDictionary<string, string> OpenHeaders(MetricSource source) => source.SealedHeaders is null
        ? new Dictionary<string, string>()
        : JsonSerializer.Deserialize<Dictionary<string, string>>(cipher.Open(source.SealedHeaders, Place(source.Id)))!;

    private async Task<SourceRow> EditAsync(string partner, string name, uint? version, Actor by, Action<PortalContext, MetricSource> edit, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var found = await Rows(db, partner, db.Set<MetricSource>().Where(s => s.Name == name)).SingleOrDefaultAsync(cancel) ?? throw Nothing(partner, name);
        if (version is { } read && read != found.Source.Version)
        {
            throw new ChangedMeanwhile(found);
        }

        edit(db, found.Source);
        await db.SaveAsync(cancel, () => Taken(found.Source.Name));
        _intervals.Remove(partner);
        return found;
    }

    private static IQueryable<SourceRow> Rows(PortalContext db, string slug, IQueryable<MetricSource> sources, string? only = null) =>
        from source in sources
        join partner in db.Partners on source.PartnerId equals partner.Id
        join integration in db.Set<Integration>() on source.IntegrationId equals integration.Id
        join status in db.Set<StatusRow>() on source.Id equals status.SourceId into statuses
        from last in statuses.DefaultIfEmpty()
        where partner.Slug == slug && (only == null || integration.Slug == only)
        select new SourceRow(source, partner.Slug, integration.Slug, last == null ? null : new SourceStatus(
            last.LastScrapeAt, last.LastGoodAt, last.Since, TimeSpan.FromMilliseconds(last.DurationMs), last.Samples, last.Bytes, last.Duplicates, last.Error, last.ErrorLine,
            last.SkewMs == null ? null : TimeSpan.FromMilliseconds(last.SkewMs.Value)));

    private byte[] Seal(Guid source, string headers) => cipher.Seal(headers, Place(source));

    private static string Place(Guid source) => $"metric source {source} headers";

    private static AlreadyTaken Taken(string name) => new("name", $"This partner already has a metric source called {name}. Choose another name.");

    private static NotThere Nothing(string partner, string name) => new($"metric source {name} of a partner called {partner}");
}
