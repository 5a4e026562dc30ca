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
    public long? SkewMs { get; init; }
}

/// <summary>Series of a source or writer that were entered together: see <see cref="SeriesBatch"/>.</summary>
internal sealed class SeriesRow
{
    public Guid SourceId { get; init; }
    public int Id { get; init; }
    public long FirstAt { get; init; }
    public long LastAt { get; init; }
    public byte[] Numbers { get; init; } = [];
    public byte[] Hashes { get; init; } = [];
    public byte[]? Lags { get; init; }
    public byte[] Labels { get; init; } = [];
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

/// <summary>Who pushes samples instead of being scraped: a job and instance of a partner, whose series come at the same instants.</summary>
internal sealed class WriterRow
{
    public Guid Id { get; init; }
    public string Partner { get; init; } = "";
    public string Job { get; init; } = "";
    public string Instance { get; init; } = "";
}

/// <summary>Up to where the log of a source or writer stands in sealed blocks.</summary>
internal sealed class SealedRow
{
    public Guid SourceId { get; init; }
    public long SealedTo { get; init; }
}

/// <summary>How far the log of a source or writer was forwarded to a bigger engine.</summary>
internal sealed class ForwardedRow
{
    public Guid SourceId { get; init; }
    public long ForwardedTo { get; init; }
    public long Samples { get; init; }
    public long Refused { get; init; }
    public string? Refusal { get; init; }
    public long? KeptTo { get; init; }
}

// Log, blocks and rollups are partitioned by time, which EF cannot express: a migration written by hand makes them.

internal sealed class SampleTables : IEntityTypeConfiguration<StatusRow>, IEntityTypeConfiguration<SeriesRow>,
    IEntityTypeConfiguration<FamilyRow>, IEntityTypeConfiguration<WriterRow>, IEntityTypeConfiguration<SealedRow>, IEntityTypeConfiguration<ForwardedRow>
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
        // The only index. New ones are found by number alone, too: it holds a line for hundreds of series.
        builder.HasKey(r => new { r.SourceId, r.Id });
    }

    public void Configure(EntityTypeBuilder<FamilyRow> builder)
    {
        builder.ToTable("families", "metrics");
        builder.HasKey(r => new { r.SourceId, r.Name });
        builder.HasOne<MetricSource>().WithMany().HasForeignKey(r => r.SourceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<WriterRow> builder)
    {
        builder.ToTable("writers", "metrics");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => new { r.Partner, r.Job, r.Instance }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SealedRow> builder)
    {
        builder.ToTable("sealed", "metrics");
        builder.HasKey(r => r.SourceId);
        builder.Property(r => r.SourceId).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<ForwardedRow> builder)
    {
        builder.ToTable("forwarded", "metrics");
        builder.HasKey(r => r.SourceId);
        builder.Property(r => r.SourceId).ValueGeneratedNever();
    }
}
