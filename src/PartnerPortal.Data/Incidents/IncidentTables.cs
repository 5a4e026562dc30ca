using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Incidents;

internal sealed class IncidentTables : IEntityTypeConfiguration<Incident>, IEntityTypeConfiguration<IncidentEntry>
{
    public void Configure(EntityTypeBuilder<Incident> builder)
    {
        builder.ToTable("incidents", "incidents");
        builder.HasKey(i => i.Id);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Number).UseIdentityAlwaysColumn();
        builder.HasIndex(i => i.Number).IsUnique();
        builder.Property(i => i.Group).HasMaxLength(400);
        builder.Property(i => i.Title).HasMaxLength(200);
        builder.Property(i => i.WhatUsersSee).HasMaxLength(2000);
        builder.Property(i => i.OpenedBy).HasMaxLength(300);
        builder.Property(i => i.AcknowledgedBy).HasMaxLength(300);
        builder.Property(i => i.ResolvedBy).HasMaxLength(300);
        builder.Property(i => i.Bridge).HasMaxLength(500);
        builder.Property(i => i.TheirTicket).HasMaxLength(200);
        builder.Property(i => i.AlsoHit).AsJson();
        builder.Property(i => i.Responders).AsJson();
        builder.Property(i => i.Onset).AsJson();
        builder.Property(i => i.Version).IsRowVersion();
        builder.Ignore(i => i.State);
        builder.Ignore(i => i.Label);
        // One open incident per problem, whoever opens it.
        builder.HasIndex(i => new { i.IntegrationId, i.Group }).IsUnique().HasFilter("resolved_at IS NULL").AreNullsDistinct(false);
        builder.HasIndex(i => new { i.PartnerId, i.Id });
        builder.HasIndex(i => i.PartOf).HasFilter("part_of IS NOT NULL");
        builder.HasIndex(i => i.OpenedAt).HasFilter("resolved_at IS NULL");
        builder.HasOne<Partner>().WithMany().HasForeignKey(i => i.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(i => i.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<IncidentEntry> builder)
    {
        builder.ToTable("entries", "incidents");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).UseIdentityAlwaysColumn();
        builder.Property(e => e.By).HasMaxLength(300);
        builder.Property(e => e.What).HasMaxLength(4000);
        builder.HasIndex(e => new { e.IncidentId, e.Id });
        builder.HasOne<Incident>().WithMany().HasForeignKey(e => e.IncidentId).OnDelete(DeleteBehavior.Restrict);
    }
}
