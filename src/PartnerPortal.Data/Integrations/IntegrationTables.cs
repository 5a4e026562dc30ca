using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Integrations;

internal sealed class IntegrationTables : IEntityTypeConfiguration<Integration>
{
    public void Configure(EntityTypeBuilder<Integration> builder)
    {
        builder.ToTable("integrations", "integrations");
        builder.HasKey(i => i.Id);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Slug).HasMaxLength(Slug.Longest);
        builder.Property(i => i.Name).HasMaxLength(200);
        builder.Property(i => i.StageHistory).AsJson();
        builder.Property(i => i.Environments).AsJson();
        builder.Property(i => i.Impact).AsJson();
        builder.Property(i => i.Version).IsRowVersion();
        builder.HasIndex(i => new { i.PartnerId, i.Slug }).IsUnique();
        builder.Property(i => i.EscalationPolicy).HasMaxLength(Slug.Longest);
        builder.HasOne<EscalationPolicy>().WithMany().HasForeignKey(i => i.EscalationPolicy).HasPrincipalKey(p => p.Slug).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(i => i.Stage);
    }
}
