using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Audit;

/// <summary>The newest chained row; one line only.</summary>
internal sealed class AuditHeadLine
{
    public short Id { get; init; }
    public long Position { get; init; }
    public byte[] Hash { get; init; } = [];
}

internal sealed class AuditTables : IEntityTypeConfiguration<AuditEntry>, IEntityTypeConfiguration<AuditHeadLine>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("entries", "audit");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.ActorName).HasMaxLength(254);
        builder.Property(e => e.Through).HasMaxLength(60);
        builder.Property(e => e.Kind).HasMaxLength(60);
        builder.Property(e => e.Title).HasMaxLength(400);
        builder.Property(e => e.Action).HasMaxLength(60);
        builder.Property(e => e.Before).HasColumnType("jsonb");
        builder.Property(e => e.After).HasColumnType("jsonb");
        builder.HasIndex(e => e.Position).IsUnique();
        builder.HasIndex(e => new { e.PartnerId, e.Id });
        builder.HasIndex(e => new { e.Kind, e.SubjectId, e.Id });
        builder.HasIndex(e => e.Id, "ix_entries_unchained").HasFilter("position IS NULL");
    }

    public void Configure(EntityTypeBuilder<AuditHeadLine> builder)
    {
        builder.ToTable("heads", "audit");
        builder.HasKey(h => h.Id);
        builder.Property(h => h.Id).ValueGeneratedNever();
    }

    /// <summary>Everything that a row is found by, in lower case; the migration AuditSearch makes the function and its index.</summary>
    public static string Words(string title, string actor, string? before, string? after) => throw new NotSupportedException("Only in queries.");

    /// <summary>Makes <see cref="Words"/> known to queries.</summary>
    public static void AddFunctions(ModelBuilder model) =>
        model.HasDbFunction(typeof(AuditTables).GetMethod(nameof(Words))!).HasName("words").HasSchema("audit");
}
