using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Escalation;

internal sealed class EscalationTables : IEntityTypeConfiguration<EscalationPolicy>, IEntityTypeConfiguration<Team>
{
    public void Configure(EntityTypeBuilder<EscalationPolicy> builder)
    {
        builder.ToTable("policies", "escalation");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Slug).HasMaxLength(Slug.Longest);
        builder.HasAlternateKey(p => p.Slug);
        builder.Property(p => p.Name).HasMaxLength(120);
        builder.Property(p => p.Steps).AsJson();
        builder.Property(p => p.Version).IsRowVersion();
    }

    public void Configure(EntityTypeBuilder<Team> builder)
    {
        builder.ToTable("teams", "escalation");
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Slug).HasMaxLength(Slug.Longest);
        builder.HasIndex(t => t.Slug).IsUnique();
        builder.Property(t => t.Name).HasMaxLength(120);
        builder.Property(t => t.Members).AsJson();
        builder.Property(t => t.Version).IsRowVersion();
    }
}
