using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Data.Metrics;

internal sealed class SourceTables : IEntityTypeConfiguration<MetricSource>
{
    public void Configure(EntityTypeBuilder<MetricSource> builder)
    {
        builder.ToTable("sources", "metrics");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Name).HasMaxLength(60);
        builder.Property(s => s.Url).HasMaxLength(2000);
        builder.Property(s => s.Mapping).HasMaxLength(JsonMapping.LongestText);
        builder.Property(s => s.HeaderNames).HasColumnType("text[]").HasConversion(n => n.ToArray(), n => n);
        builder.Property(s => s.Limits).AsJson();
        builder.Property(s => s.Queries).AsJson();
        builder.Property(s => s.Version).IsRowVersion();
        builder.Ignore(s => s.Instance);
        builder.HasIndex(s => new { s.PartnerId, s.Name }).IsUnique();
        builder.HasOne<Partner>().WithMany().HasForeignKey(s => s.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(s => s.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ChartTables : IEntityTypeConfiguration<SavedChart>
{
    public void Configure(EntityTypeBuilder<SavedChart> builder)
    {
        builder.ToTable("charts", "metrics");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Title).HasMaxLength(120);
        builder.Property(c => c.Lines).AsJson();
        builder.Property(c => c.Version).IsRowVersion();
        builder.HasIndex(c => new { c.IntegrationId, c.Place });
        builder.HasOne<Integration>().WithMany().HasForeignKey(c => c.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}
