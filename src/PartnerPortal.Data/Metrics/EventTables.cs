using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Metrics;

internal sealed class EventTables : IEntityTypeConfiguration<MarkedEvent>
{
    public void Configure(EntityTypeBuilder<MarkedEvent> builder)
    {
        builder.ToTable("events", "metrics");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Title).HasMaxLength(200);
        builder.Property(e => e.Url).HasMaxLength(2000);
        builder.Property(e => e.By).HasMaxLength(254);
        builder.HasIndex(e => new { e.PartnerId, e.At });
        builder.HasOne<Partner>().WithMany().HasForeignKey(e => e.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(e => e.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }
}
