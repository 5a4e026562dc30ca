using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PartnerPortal.Data.Storage;

// Written and read by the hand-written SQL of IdempotencyStore; EF only keeps the schema.

/// <summary>A request that named an Idempotency-Key, and what it was answered.</summary>
internal sealed class IdempotencyRow
{
    public Guid Actor { get; init; }
    public string Key { get; init; } = "";
    public string Method { get; init; } = "";
    public string Path { get; init; } = "";
    public byte[] BodyHash { get; init; } = [];
    public string State { get; init; } = "";

    /// <summary>Which attempt holds the key, so that one that lost it cannot write its answer any more.</summary>
    public Guid Attempt { get; init; }
    public int? Status { get; init; }
    public string? ContentType { get; init; }
    public string? Location { get; init; }
    public string? Etag { get; init; }

    /// <summary>The answer; null in a finished row when it was too large to keep.</summary>
    public byte[]? Body { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed class IdempotencyTables : IEntityTypeConfiguration<IdempotencyRow>
{
    public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
    {
        builder.ToTable("idempotency", "portal");
        builder.HasKey(r => new { r.Actor, r.Key });
        builder.Property(r => r.Key).HasMaxLength(255);
        builder.Property(r => r.Method).HasMaxLength(10);
        builder.Property(r => r.State).HasMaxLength(10);
        builder.HasIndex(r => r.At);
    }
}
