using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Audit;

internal sealed class AuditTables : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("entries", "audit");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.ActorName).HasMaxLength(254);
        builder.Property(e => e.Through).HasMaxLength(60);
        builder.Property(e => e.Kind).HasMaxLength(60);
        builder.Property(e => e.Title).HasMaxLength(400);
        builder.Property(e => e.Action).HasMaxLength(60);
        builder.Property(e => e.Before).HasColumnType("jsonb");
        builder.Property(e => e.After).HasColumnType("jsonb");
        builder.HasIndex(e => e.Position).IsUnique();
        builder.HasIndex(e => new { e.PartnerId, e.Id });
        builder.HasIndex(e => new { e.Kind, e.SubjectId, e.Id });
        builder.HasIndex(e => e.Id, "ix_entries_unchained").HasFilter("position IS NULL");
    }
}
