using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.Data.Metrics;

// These rows are written and read by hand-written SQL, many at a time; EF only keeps their schema.

/// <summary>How the last scrape went, one row per source.</summary>
internal sealed class StatusRow
{
    public Guid SourceId { get; init; }
    public DateTimeOffset LastScrapeAt { get; init; }
    public DateTimeOffset? LastGoodAt { get; init; }
    public DateTimeOffset Since { get; init; }
    public int DurationMs { get; init; }
    public int Samples { get; init; }
    public long Bytes { get; init; }
    public int Duplicates { get; init; }
    public string? Error { get; init; }
    public int? ErrorLine { get; init; }
}

/// <summary>A series: its labels once, then only its number.</summary>
internal sealed class SeriesRow
{
    public int Id { get; init; }
    public Guid SourceId { get; init; }
    public string Metric { get; init; } = "";
    public byte[] LabelsHash { get; init; } = [];
    public string Labels { get; init; } = "{}";
    public long LastAt { get; init; }
}

/// <summary>What a source says about a metric.</summary>
internal sealed class FamilyRow
{
    public Guid SourceId { get; init; }
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public string Help { get; init; } = "";
    public string Unit { get; init; } = "";
}

/// <summary>The log: one row per scrape, until its window is sealed.</summary>
internal sealed class ScrapeLogRow
{
    public Guid SourceId { get; init; }
    public long At { get; init; }
    public byte[] Data { get; init; } = [];
}

/// <summary>Sealed scrapes of one source and window.</summary>
internal sealed class BlockRow
{
    public Guid SourceId { get; init; }
    public long FromAt { get; init; }
    public long ToAt { get; init; }
    public int Scrapes { get; init; }
    public byte[] Index { get; init; } = [];
    public byte[] Data { get; init; } = [];
}

internal sealed class SampleTables : IEntityTypeConfiguration<StatusRow>, IEntityTypeConfiguration<SeriesRow>,
    IEntityTypeConfiguration<FamilyRow>, IEntityTypeConfiguration<ScrapeLogRow>, IEntityTypeConfiguration<BlockRow>
{
    public void Configure(EntityTypeBuilder<StatusRow> builder)
    {
        builder.ToTable("statuses", "metrics");
        builder.HasKey(r => r.SourceId);
        builder.HasOne<MetricSource>().WithOne().HasForeignKey<StatusRow>(r => r.SourceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<SeriesRow> builder)
    {
        builder.ToTable("series", "metrics");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).UseIdentityAlwaysColumn();
        // Text, not jsonb: a label may hold the one character that jsonb cannot, and nobody searches inside.
        builder.Property(r => r.Labels).HasColumnType("text");
        builder.HasIndex(r => new { r.SourceId, r.LabelsHash }).IsUnique();
        builder.HasIndex(r => new { r.SourceId, r.Metric });
        builder.HasOne<MetricSource>().WithMany().HasForeignKey(r => r.SourceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<FamilyRow> builder)
    {
        builder.ToTable("families", "metrics");
        builder.HasKey(r => new { r.SourceId, r.Name });
        builder.HasOne<MetricSource>().WithMany().HasForeignKey(r => r.SourceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ScrapeLogRow> builder)
    {
        builder.ToTable("scrapes", "metrics");
        builder.HasKey(r => new { r.SourceId, r.At });
        builder.HasOne<MetricSource>().WithMany().HasForeignKey(r => r.SourceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<BlockRow> builder)
    {
        builder.ToTable("blocks", "metrics");
        builder.HasKey(r => new { r.SourceId, r.FromAt });
        builder.HasIndex(r => r.ToAt);
        builder.HasOne<MetricSource>().WithMany().HasForeignKey(r => r.SourceId).OnDelete(DeleteBehavior.Cascade);
    }
}
