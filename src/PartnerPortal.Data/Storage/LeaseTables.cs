using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PartnerPortal.Data.Storage;

/// <summary>Who may do a piece of background work, until when. The fence grows with every change of owner, so that a frozen owner's late writes can be refused.</summary>
internal sealed class Lease
{
    public string Name { get; init; } = "";
    public Guid Owner { get; init; }
    public DateTimeOffset Until { get; init; }
    public long Fence { get; init; }
}

/// <summary>How a background module is doing.</summary>
internal sealed class ModuleState
{
    public string Name { get; init; } = "";
    public DateTimeOffset? LastGoodAt { get; init; }
    public DateTimeOffset? LastFailedAt { get; init; }
    public string? LastError { get; init; }
    public int LastTookMs { get; init; }
}

internal sealed class LeaseTables : IEntityTypeConfiguration<Lease>, IEntityTypeConfiguration<ModuleState>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("leases", "portal");
        builder.HasKey(l => l.Name);
        builder.Property(l => l.Name).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<ModuleState> builder)
    {
        builder.ToTable("modules", "portal");
        builder.HasKey(m => m.Name);
        builder.Property(m => m.Name).HasMaxLength(120);
        builder.Property(m => m.LastError).HasMaxLength(2000);
    }
}
