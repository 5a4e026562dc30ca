using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

internal sealed class NotificationTables : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> builder)
    {
        builder.ToTable("notifications", "escalation");
        builder.HasKey(n => n.Id);
        builder.Property(n => n.Id).ValueGeneratedNever();
        builder.Property(n => n.Key).HasMaxLength(300);
        builder.HasIndex(n => n.Key).IsUnique();
        builder.Property(n => n.Recipient).HasMaxLength(300);
        builder.Property(n => n.RecipientName).HasMaxLength(200);
        builder.Property(n => n.Address).HasMaxLength(2000);
        builder.Property(n => n.Text).AsJson();
        builder.Property(n => n.ProviderId).HasMaxLength(300);
        // What a destination got lately: its limits are counted here.
        builder.HasIndex(n => new { n.Channel, n.Address, n.SentAt });
        builder.HasIndex(n => n.IncidentId);
        builder.HasIndex(n => new { n.Recipient, n.Id });
        builder.HasIndex(n => n.ChannelId).HasFilter("channel_id IS NOT NULL");
        // What is still to be sent: a short index however long the outbox's past is.
        builder.HasIndex(n => n.DueAt).HasFilter("state IN ('pending', 'sending')");
    }
}
