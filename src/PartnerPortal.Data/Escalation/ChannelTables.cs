using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Escalation;

internal sealed class ChannelTables : IEntityTypeConfiguration<Channel>, IEntityTypeConfiguration<NotificationHabits>
{
    public void Configure(EntityTypeBuilder<Channel> builder)
    {
        builder.ToTable("channels", "escalation", t => t.HasCheckConstraint("ck_channels_whose", "(owner IS NULL) <> (slug IS NULL)"));
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Owner).HasMaxLength(254);
        builder.Property(c => c.Slug).HasMaxLength(Slug.Longest);
        builder.HasIndex(c => c.Slug).IsUnique();
        builder.HasIndex(c => new { c.Owner, c.Order });
        builder.Property(c => c.Name).HasMaxLength(120);
        builder.Property(c => c.Address).HasMaxLength(2000);
        builder.Property(c => c.Code).HasMaxLength(4);
        builder.HasIndex(c => c.CallbackHash).IsUnique();
        builder.Property(c => c.Version).IsRowVersion();
    }

    public void Configure(EntityTypeBuilder<NotificationHabits> builder)
    {
        builder.ToTable("habits", "escalation");
        builder.HasKey(h => h.Id);
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.Property(h => h.Owner).HasMaxLength(254);
        builder.HasIndex(h => h.Owner).IsUnique();
        builder.Property(h => h.TimeZone).HasMaxLength(60);
        builder.Property(h => h.Version).IsRowVersion();
    }
}
