using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Incidents;

internal sealed class AlertTables : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts", "incidents");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Source).HasMaxLength(40);
        builder.Property(a => a.SourceName).HasMaxLength(120);
        builder.Property(a => a.DedupKey).HasMaxLength(300);
        builder.Property(a => a.Title).HasMaxLength(200);
        builder.Property(a => a.Runbook).HasMaxLength(Slug.Longest);
        builder.Property(a => a.Labels).AsJson();
        builder.Property(a => a.Onset).AsJson();
        builder.Property(a => a.History).AsJson();
        builder.Property(a => a.Version).IsRowVersion();
        builder.Ignore(a => a.State);
        // One alert per problem fires at a time, whoever writes it.
        builder.HasIndex(a => new { a.Source, a.SourceId, a.DedupKey }).IsUnique().HasFilter("resolved_at IS NULL").AreNullsDistinct(false);
        builder.HasIndex(a => new { a.PartnerId, a.Id });
        builder.Property(a => a.Link).HasMaxLength(2000);
        builder.Property(a => a.Group).HasMaxLength(400);
        builder.HasIndex(a => a.IncidentId);
        // What waits for its incident: a short index however many alerts there are.
        builder.HasIndex(a => a.Settled).HasFilter("NOT settled");
        builder.HasOne<Partner>().WithMany().HasForeignKey(a => a.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(a => a.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }
}
