using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.Data.Incidents;

/// <summary>An alert source with where it belongs and when it last said anything.</summary>
public sealed record AlertSourceRow(AlertSource Source, string Partner, string PartnerName, string Integration, DateTimeOffset? LastAt, DeliveryOutcome? LastOutcome, string? LastReason);

/// <summary>A delivery that did not fit, for people to read.</summary>
public sealed record RefusedDelivery(Guid Id, DateTimeOffset ReceivedAt, string Path, string Reason, string Body);

/// <summary>Alert sources in the database. A secret is shown when it is made and stored as its hash.</summary>
public sealed partial class AlertSourceStore(PortalDatabase database, FieldCipher cipher)
{
    /// <summary>Enters a source and makes its secret.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted, or names nothing.</exception>
    public async Task<(AlertSourceRow Row, string Secret)> EnterAsync(AlertSourceDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var (partner, integration) = (draft.Partner?.Trim() ?? "", string.IsNullOrWhiteSpace(draft.Integration) ? Integration.MainSlug : draft.Integration.Trim());
        var place = await db.Integrations.Join(db.Partners.Where(p => p.Slug == partner && p.ArchivedAt == null), i => i.PartnerId, p => p.Id, (i, p) => i)
            .Where(i => i.Slug == integration).Select(i => new { i.Id, i.PartnerId }).SingleOrDefaultAsync(cancel);
        if (place is null || !by.Sees(place.PartnerId))
        {
            throw partner.Length == 0 ? new FieldsRefused("partner", "Name the partner that its alerts are about.")
                : new FieldsRefused("partner", $"There is no partner “{partner}” with an integration “{integration}”.");
        }

        var secret = MakeSecret();
        var source = AlertSource.Enter(draft, place.PartnerId, place.Id, secret, database.Now);
        db.Add(source);
        await db.SaveAsync(cancel);
        return (await GetAsync(source.Id, by, cancel), secret);
    }

    /// <summary>Every source that was not closed, by partner and name.</summary>
    /// <param name="partner">Slug of a partner; null for all.</param>
    /// <param name="by">Who asks: an actor bound to a partner gets that partner's.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<AlertSourceRow>> ListAsync(string? partner, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var rows = await Rows(db, db.Set<AlertSource>().Where(s => s.RevokedAt == null && (by.PartnerId == null || s.PartnerId == by.PartnerId)), partner).ToListAsync(cancel);
        return [.. rows.OrderBy(r => r.PartnerName, StringComparer.CurrentCultureIgnoreCase).ThenBy(r => r.Source.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>One source.</summary>
    /// <exception cref="NotThere">There is none, or the asker may not know of it.</exception>
    public async Task<AlertSourceRow> GetAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var row = await Rows(db, db.Set<AlertSource>().Where(s => s.Id == id), null).SingleOrDefaultAsync(cancel);
        return row is not null && by.Sees(row.Source.PartnerId) ? row : throw new NotThere("such alert source");
    }

    /// <summary>The source that a secret opens; null when it is unknown or closed.</summary>
    public async Task<AlertSource?> FindAsync(string secret, CancellationToken cancel)
    {
        var hash = AlertSource.HashOf(secret);
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<AlertSource>().SingleOrDefaultAsync(s => s.Hash == hash && s.RevokedAt == null, cancel);
    }

    /// <summary>Changes name, grouping, urgency.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="ChangedMeanwhile">Somebody else changed it since.</exception>
    public async Task<AlertSourceRow> ChangeAsync(Guid id, AlertSourceDraft draft, uint? version, Actor by, CancellationToken cancel)
    {
        await EditAsync(id, by, source =>
        {
            if (version is { } known && known != source.Version)
            {
                throw new ChangedMeanwhile(source);
            }

            source.Change(draft);
        }, cancel);
        return await GetAsync(id, by, cancel);
    }

    /// <summary>A new secret; the one before stops working at once.</summary>
    public async Task<string> RotateAsync(Guid id, Actor by, CancellationToken cancel)
    {
        var secret = MakeSecret();
        await EditAsync(id, by, source => source.Rotate(secret), cancel);
        return secret;
    }

    /// <summary>Closes it for good.</summary>
    public Task RevokeAsync(Guid id, Actor by, CancellationToken cancel) => EditAsync(id, by, source => source.Revoke(database.Now), cancel);

    /// <summary>What did not fit in the last seven days, newest first, at most 50.</summary>
    public async Task<IReadOnlyList<RefusedDelivery>> RefusedAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await GetAsync(id, by, cancel);
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<DeliveryRow>().Where(d => d.SourceId == id && d.Outcome == DeliveryOutcome.Refused).OrderByDescending(d => d.Id).Take(50)
            .Select(d => new RefusedDelivery(d.Id, d.ReceivedAt, d.Path, d.Reason ?? "", d.Body ?? "")).ToListAsync(cancel);
    }

    private async Task EditAsync(Guid id, Actor by, Action<AlertSource> edit, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var source = await db.Set<AlertSource>().SingleOrDefaultAsync(s => s.Id == id, cancel);
        if (source is null || !by.Sees(source.PartnerId))
        {
            throw new NotThere("such alert source");
        }

        edit(source);
        await db.SaveAsync(cancel);
    }

    // 32 hexadecimal digits: the length of the keys that senders expect.
    private static string MakeSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static IQueryable<AlertSourceRow> Rows(PortalContext db, IQueryable<AlertSource> sources, string? slug) =>
        from source in sources
        join partner in db.Partners on source.PartnerId equals partner.Id
        join integration in db.Integrations on source.IntegrationId equals integration.Id
        where slug == null || partner.Slug == slug
        let beat = db.Set<BeatRow>().Where(b => b.SourceId == source.Id).Select(b => (DateTimeOffset?)b.At).FirstOrDefault()
        let last = db.Set<DeliveryRow>().Where(d => d.SourceId == source.Id).OrderByDescending(d => d.Id).FirstOrDefault()
        select new AlertSourceRow(source, partner.Slug, partner.Name, integration.Slug, last == null ? beat : last.ReceivedAt, last == null ? null : last.Outcome, last == null ? null : last.Reason);
}
