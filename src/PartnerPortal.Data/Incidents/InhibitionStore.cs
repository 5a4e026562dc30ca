using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Incidents;

/// <summary>An inhibition and how many alerts it holds back now.</summary>
public sealed record InhibitionRow(Inhibition Inhibition, int Held);

/// <summary>Inhibitions in the database.</summary>
public sealed class InhibitionStore(PortalDatabase database)
{
    /// <summary>How long an alert is held back before it is looked at again.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    /// <summary>Every inhibition, the newest first.</summary>
    public async Task<IReadOnlyList<InhibitionRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<Inhibition>().OrderByDescending(i => i.Id)
            .Select(i => new InhibitionRow(i, db.Set<Alert>().Count(a => a.SilenceId == i.Id && a.HeldUntil != null && a.ResolvedAt == null))).ToListAsync(cancel);
    }

    /// <summary>Enters one; it holds from the next alert on.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<Inhibition> EnterAsync(InhibitionDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var inhibition = Inhibition.Enter(draft, by.Name, database.Now);
        db.Add(inhibition);
        await db.SaveAsync(cancel);
        return inhibition;
    }

    /// <summary>Removes one: what it held back and still fires opens its incident.</summary>
    /// <exception cref="NotThere">There is none.</exception>
    public async Task RemoveAsync(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Remove(await db.Set<Inhibition>().SingleOrDefaultAsync(i => i.Id == id, cancel) ?? throw new NotThere("such inhibition"));
        await db.SaveAsync(cancel);
        await db.Set<Alert>().Where(a => a.SilenceId == id && a.HeldUntil != null).ExecuteUpdateAsync(set => set.SetProperty(a => a.HeldUntil, (DateTimeOffset?)null), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The inhibitions with everything that fires; nothing is read while there are none.</summary>
    internal static async Task<Inhibiting> NowAsync(PortalContext db, CancellationToken cancel)
    {
        var rules = await db.Set<Inhibition>().AsNoTracking().ToListAsync(cancel);
        if (rules.Count == 0)
        {
            return new([], []);
        }

        var firing = await (from alert in db.Set<Alert>().AsNoTracking()
                            where alert.ResolvedAt == null
                            join integration in db.Integrations on alert.IntegrationId equals integration.Id
                            join partner in db.Partners on alert.PartnerId equals partner.Id
                            select new { alert, Partner = partner.Slug, Integration = integration.Slug }).ToListAsync(cancel);
        return new(rules, [.. firing.Select(f => FiringAlert.Of(f.alert, f.Partner, f.Integration))]);
    }

    /// <summary>What may hold alerts back at a moment.</summary>
    internal sealed record Inhibiting(IReadOnlyList<Inhibition> Rules, IReadOnlyList<FiringAlert> Firing)
    {
        public (Inhibition Rule, FiringAlert By)? Of(Alert alert, string partner, string integration)
        {
            if (Rules.Count == 0)
            {
                return null;
            }

            var own = FiringAlert.Of(alert, partner, integration);
            return Rules.Select(r => (Rule: r, By: r.HeldBy(own, Firing))).Where(h => h.By is not null).Select(h => ((Inhibition, FiringAlert)?)(h.Rule, h.By!)).FirstOrDefault();
        }
    }
}

internal sealed class InhibitionTables : IEntityTypeConfiguration<Inhibition>
{
    public void Configure(EntityTypeBuilder<Inhibition> builder)
    {
        builder.ToTable("inhibitions", "incidents");
        builder.HasKey(i => i.Id);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Source).AsJson();
        builder.Property(i => i.Target).AsJson();
        builder.Property(i => i.Equal).AsJson();
        builder.Property(i => i.Comment).HasMaxLength(500);
        builder.Property(i => i.CreatedBy).HasMaxLength(320);
    }
}
