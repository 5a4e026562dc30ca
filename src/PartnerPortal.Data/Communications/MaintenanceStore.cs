using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Communications;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Communications;

/// <summary>A window with its integration.</summary>
public sealed record MaintenanceRow(Maintenance Window, string Integration, string IntegrationName);

/// <summary>Maintenance windows of partners.</summary>
public sealed class MaintenanceStore(PortalDatabase database, SilenceStore silences)
{
    /// <summary>A partner's windows, the latest first; those that are long over left out.</summary>
    /// <exception cref="NotThere">No partner has this slug.</exception>
    public async Task<IReadOnlyList<MaintenanceRow>> ListAsync(string partner, Actor by, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var id = await PartnerAsync(db, partner, by, cancel);
        var since = database.Now.AddDays(-90);
        return await db.Set<Maintenance>().AsNoTracking().Where(m => m.PartnerId == id && m.To > since)
            .Join(db.Integrations, m => m.IntegrationId, i => i.Id, (m, i) => new { m, i }).OrderByDescending(x => x.m.From)
            .Select(x => new MaintenanceRow(x.m, x.i.Slug, x.i.Name)).ToListAsync(cancel);
    }

    /// <summary>Enters a window and its silence in one transaction.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public async Task<MaintenanceRow> EnterAsync(string partner, MaintenanceDraft draft, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var id = await PartnerAsync(db, partner, by, cancel);
        var slug = string.IsNullOrWhiteSpace(draft.Integration) ? Integration.MainSlug : draft.Integration.Trim();
        var integration = await db.Integrations.AsNoTracking().SingleOrDefaultAsync(i => i.PartnerId == id && i.Slug == slug, cancel)
            ?? throw new FieldsRefused("integration", $"{partner} has no integration called “{slug}”.");
        var (window, silence) = Maintenance.Enter(draft, id, (integration.Id, integration.Slug), by.Name, database.Now);
        if (silence is not null)
        {
            db.Add(silence);
        }

        db.Add(window);
        await db.SaveAsync(cancel);
        return new(window, integration.Slug, integration.Name);
    }

    /// <summary>Calls a window off; what its silence held back and still fires opens its incident.</summary>
    /// <exception cref="NotThere">The partner has no such window.</exception>
    public async Task CallOffAsync(string partner, Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await database.WriteAsync(by, cancel);
        var of = await PartnerAsync(db, partner, by, cancel);
        var window = await db.Set<Maintenance>().SingleOrDefaultAsync(m => m.Id == id && m.PartnerId == of, cancel) ?? throw new NotThere("such maintenance window");
        // The silence first: a portal that dies between the two leaves a window that can be called off again.
        if (window.SilenceId is { } silence)
        {
            await silences.EndAsync(silence, by, cancel);
        }

        window.CallOff(database.Now);
        await db.SaveAsync(cancel);
    }

    /// <summary>The window of an integration at a moment, or the next one that is announced; null when there is none.</summary>
    public async Task<Maintenance?> NextAsync(Guid integration, DateTimeOffset at, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        return await db.Set<Maintenance>().AsNoTracking().Where(m => m.IntegrationId == integration && m.CalledOffAt == null && m.To > at).OrderBy(m => m.From).FirstOrDefaultAsync(cancel);
    }

    private static async Task<Guid> PartnerAsync(PortalContext db, string slug, Actor by, CancellationToken cancel)
    {
        var id = await db.Partners.Where(p => p.Slug == slug).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
        return id is { } found && by.Sees(found) ? found : throw new NotThere($"partner called {slug}");
    }
}

internal sealed class MaintenanceTables : IEntityTypeConfiguration<Maintenance>
{
    public void Configure(EntityTypeBuilder<Maintenance> builder)
    {
        builder.ToTable("maintenance", "communications");
        builder.HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.From).HasColumnName("starts_at");
        builder.Property(m => m.To).HasColumnName("ends_at");
        builder.Property(m => m.Operations).AsJson();
        builder.Property(m => m.Impact).HasMaxLength(1000);
        builder.Property(m => m.CreatedBy).HasMaxLength(320);
        builder.Property(m => m.Version).IsRowVersion();
        builder.HasIndex(m => new { m.PartnerId, m.From });
        builder.HasIndex(m => new { m.IntegrationId, m.To });
        builder.HasOne<Partner>().WithMany().HasForeignKey(m => m.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(m => m.IntegrationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Silence>().WithMany().HasForeignKey(m => m.SilenceId).OnDelete(DeleteBehavior.Restrict);
    }
}
