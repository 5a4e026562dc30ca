using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Runbooks;

internal sealed class RunbookTables : IEntityTypeConfiguration<Runbook>, IEntityTypeConfiguration<RunbookVersion>, IEntityTypeConfiguration<RunbookRun>
{
    public void Configure(EntityTypeBuilder<Runbook> builder)
    {
        builder.ToTable("runbooks", "runbooks");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Slug).HasMaxLength(Slug.Longest);
        builder.Property(r => r.Title).HasMaxLength(200);
        builder.Property(r => r.ChangedBy).HasMaxLength(254);
        builder.Property(r => r.VerifiedBy).HasMaxLength(254);
        builder.Property(r => r.Scope).AsJson();
        builder.Property(r => r.Version).IsRowVersion();
        builder.HasIndex(r => new { r.PartnerId, r.Slug }).IsUnique();
        builder.HasOne<Partner>().WithMany().HasForeignKey(r => r.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(r => r.Versions).WithOne().HasForeignKey(v => v.RunbookId).OnDelete(DeleteBehavior.Restrict);
        builder.Navigation(r => r.Versions).HasField("_versions").UsePropertyAccessMode(PropertyAccessMode.Field);
    }

    public void Configure(EntityTypeBuilder<RunbookVersion> builder)
    {
        builder.ToTable("versions", "runbooks");
        builder.HasKey(v => new { v.RunbookId, v.Number });
        builder.Property(v => v.Number).ValueGeneratedNever();
        builder.Property(v => v.Title).HasMaxLength(200);
        builder.Property(v => v.Note).HasMaxLength(200);
        builder.Property(v => v.By).HasMaxLength(254);
    }

    public void Configure(EntityTypeBuilder<RunbookRun> builder)
    {
        builder.ToTable("runs", "runbooks");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Title).HasMaxLength(200);
        builder.Property(r => r.StartedBy).HasMaxLength(300);
        builder.Property(r => r.Steps).AsJson();
        builder.Property(r => r.Standings).AsJson();
        builder.Property(r => r.Version).IsRowVersion();
        builder.Ignore(r => r.Next);
        // One open run of a runbook per incident, however often somebody presses the button.
        builder.HasIndex(r => new { r.IncidentId, r.RunbookId }).IsUnique().HasFilter("ended_at IS NULL");
        builder.HasIndex(r => new { r.RunbookId, r.Id });
        builder.HasOne<Incident>().WithMany().HasForeignKey(r => r.IncidentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Runbook>().WithMany().HasForeignKey(r => r.RunbookId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Partner>().WithMany().HasForeignKey(r => r.PartnerId).OnDelete(DeleteBehavior.Restrict);
    }
}
