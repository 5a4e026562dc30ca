using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Escalation;

/// <summary>Who was on call, written down as time passed: editing a schedule does not change the past.</summary>
internal sealed class ShiftRow
{
    public Guid Id { get; init; }

    public Guid ScheduleId { get; init; }

    public DateTimeOffset From { get; init; }

    /// <summary>How far it is known.</summary>
    public DateTimeOffset Until { get; set; }

    public IReadOnlyList<string> People { get; init; } = [];
}

internal sealed class ScheduleTables : IEntityTypeConfiguration<Schedule>, IEntityTypeConfiguration<ShiftRow>
{
    public void Configure(EntityTypeBuilder<Schedule> builder)
    {
        builder.ToTable("schedules", "escalation");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Slug).HasMaxLength(Slug.Longest);
        builder.HasIndex(s => s.Slug).IsUnique();
        builder.Property(s => s.Name).HasMaxLength(120);
        builder.Property(s => s.TimeZone).HasMaxLength(60);
        builder.Property(s => s.Layers).AsJson();
        builder.Property(s => s.Holidays).AsJson();
        builder.Property(s => s.Overrides).AsJson();
        builder.Property(s => s.Version).IsRowVersion();
    }

    public void Configure(EntityTypeBuilder<ShiftRow> builder)
    {
        builder.ToTable("shifts", "escalation");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.People).AsJson();
        builder.HasIndex(s => new { s.ScheduleId, s.From }).IsUnique();
        builder.HasOne<Schedule>().WithMany().HasForeignKey(s => s.ScheduleId).OnDelete(DeleteBehavior.Cascade);
    }
}
