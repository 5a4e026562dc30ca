using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Incidents;

/// <summary>What a sender posted: for a day what was accepted, to know repeats; for a week what did not fit, to be read again.</summary>
internal sealed class DeliveryRow
{
    public Guid Id { get; init; }

    public Guid SourceId { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public byte[] Hash { get; init; } = [];

    /// <summary>The sender's own name for it: Idempotency-Key or webhook-id.</summary>
    public string? Key { get; init; }

    public string Path { get; init; } = "";

    /// <summary>Only of what was refused; redacted, at most 256 KB.</summary>
    public string? Body { get; init; }

    public DeliveryOutcome Outcome { get; set; }

    public string? Reason { get; set; }

    public int Signals { get; set; }
}

/// <summary>When a heartbeat was heard last; a row of its own, so that a beat changes nobody's version of the source.</summary>
internal sealed class BeatRow
{
    public Guid SourceId { get; init; }

    public DateTimeOffset At { get; init; }
}

internal sealed class AlertSourceTables : IEntityTypeConfiguration<AlertSource>, IEntityTypeConfiguration<DeliveryRow>, IEntityTypeConfiguration<BeatRow>
{
    public void Configure(EntityTypeBuilder<AlertSource> builder)
    {
        builder.ToTable("sources", "incidents");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Name).HasMaxLength(120);
        builder.HasIndex(s => s.Hash).IsUnique();
        builder.Property(s => s.GroupBy).AsJson();
        builder.Property(s => s.Mapping).AsJson();
        builder.Property(s => s.Subscription).AsJson();
        builder.Property(s => s.Version).IsRowVersion();
        builder.HasOne<Partner>().WithMany().HasForeignKey(s => s.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(s => s.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<DeliveryRow> builder)
    {
        builder.ToTable("deliveries", "incidents");
        builder.HasKey(d => d.Id);
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Key).HasMaxLength(255);
        builder.Property(d => d.Path).HasMaxLength(600);
        builder.HasIndex(d => new { d.SourceId, d.Key }).IsUnique().HasFilter("key IS NOT NULL AND outcome = 'accepted'");
        builder.HasIndex(d => new { d.SourceId, d.Hash, d.ReceivedAt });
        builder.HasIndex(d => d.ReceivedAt);
        builder.HasIndex(d => new { d.SourceId, d.Id });
        builder.HasOne<AlertSource>().WithMany().HasForeignKey(d => d.SourceId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<BeatRow> builder)
    {
        builder.ToTable("beats", "incidents");
        builder.HasKey(b => b.SourceId);
        builder.Property(b => b.SourceId).ValueGeneratedNever();
        builder.HasOne<AlertSource>().WithMany().HasForeignKey(b => b.SourceId).OnDelete(DeleteBehavior.Restrict);
    }
}
