using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

internal sealed class CounterPairTables : IEntityTypeConfiguration<CounterPair>
{
    public void Configure(EntityTypeBuilder<CounterPair> builder)
    {
        builder.ToTable("counter_pairs", "metrics");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Slug).HasMaxLength(60);
        builder.Property(p => p.Title).HasMaxLength(120);
        builder.Property(p => p.Version).IsRowVersion();
        builder.HasIndex(p => new { p.PartnerId, p.Slug }).IsUnique();
        builder.HasOne<Integration>().WithMany().HasForeignKey(p => p.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}
