using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Incidents;

/// <summary>A silence with its partner and how many alerts it holds back.</summary>
public sealed record SilenceRow(Silence Silence, string? Partner, string? PartnerName, int Held);

/// <summary>Silences in the database.</summary>
public sealed class SilenceStore(PortalDatabase database)
{
    /// <summary>Enters a silence; it holds from the next alert on.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted, or names nothing.</exception>
    public async Task<SilenceRow> EnterAsync(SilenceDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var slug = draft.Partner?.Trim() ?? "";
        var partner = slug.Length == 0 ? null : await db.Partners.SingleOrDefaultAsync(p => p.Slug == slug, cancel) ?? throw new FieldsRefused("partner", $"There is no partner “{slug}”.");
        var silence = Silence.Enter(draft, partner?.Id, by.Name, database.Now);
        db.Add(silence);
        await db.SaveAsync(cancel);
        return new(silence, partner?.Slug, partner?.Name, 0);
    }

    /// <summary>Silences that hold or come, the next one first.</summary>
    public async Task<IReadOnlyList<SilenceRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var rows = await (from silence in db.Set<Silence>()
                          where silence.EndedAt == null
                          join partner in db.Partners on silence.PartnerId equals partner.Id into partners
                          from partner in partners.DefaultIfEmpty()
                          select new SilenceRow(silence, partner == null ? null : partner.Slug, partner == null ? null : partner.Name,
                              db.Set<Alert>().Count(a => a.SilenceId == silence.Id && a.HeldUntil != null && a.ResolvedAt == null))).ToListAsync(cancel);
        var now = database.Now;
        return [.. rows.Select(r => (Row: r, Next: r.Silence.Next(now))).Where(r => r.Next is not null).OrderBy(r => r.Next!.Value.From).Select(r => r.Row)];
    }

    /// <summary>Ends a silence now: what it held back and still fires opens its incident.</summary>
    /// <exception cref="NotThere">There is none.</exception>
    public async Task EndAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var silence = await db.Set<Silence>().SingleOrDefaultAsync(s => s.Id == id, cancel) ?? throw new NotThere("such silence");
        silence.End(database.Now);
        await db.SaveAsync(cancel);
        await db.Set<Alert>().Where(a => a.SilenceId == id && a.HeldUntil != null).ExecuteUpdateAsync(set => set.SetProperty(a => a.HeldUntil, (DateTimeOffset?)null), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Those that may hold at a moment.</summary>
    internal static async Task<IReadOnlyList<Silence>> HoldingAsync(PortalContext db, DateTimeOffset at, CancellationToken cancel) =>
        [.. (await db.Set<Silence>().AsNoTracking().Where(s => s.EndedAt == null && s.StartsAt <= at && (s.Repeat != null || s.EndsAt > at)).ToListAsync(cancel)).Where(s => s.HoldsUntil(at) is not null)];
}

internal sealed class SilenceTables : IEntityTypeConfiguration<Silence>
{
    public void Configure(EntityTypeBuilder<Silence> builder)
    {
        builder.ToTable("silences", "incidents");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Matchers).AsJson();
        builder.Property(s => s.TimeZone).HasMaxLength(60);
        builder.Property(s => s.Comment).HasMaxLength(500);
        builder.Property(s => s.CreatedBy).HasMaxLength(320);
        builder.Property(s => s.Version).IsRowVersion();
        builder.HasIndex(s => s.EndedAt).HasFilter("ended_at IS NULL");
        builder.HasOne<Partner>().WithMany().HasForeignKey(s => s.PartnerId).OnDelete(DeleteBehavior.Restrict);
    }
}
