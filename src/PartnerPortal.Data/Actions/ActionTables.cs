using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Actions;

internal sealed class ActionTables : IEntityTypeConfiguration<ActionItem>
{
    /// <summary>Shadow column: everything that an action is found by, in lower case.</summary>
    public const string SearchText = "SearchText";

    public void Configure(EntityTypeBuilder<ActionItem> builder)
    {
        builder.ToTable("actions", "actions");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Text).HasMaxLength(ActionItem.LongestText);
        builder.Property(a => a.Owner).HasMaxLength(254);
        builder.Property(a => a.Source).AsJson();
        builder.Property(a => a.SourceKey).HasMaxLength(200);
        builder.Property(a => a.DoneBy).HasMaxLength(254);
        builder.Property(a => a.CreatedBy).HasMaxLength(254);
        builder.Property(a => a.Version).IsRowVersion();
        builder.Property<string>(SearchText).HasComputedColumnSql("lower(text || ' ' || coalesce(owner, ''))", stored: true);
        // One cause has at most one open action, whoever finds it.
        builder.HasIndex(a => a.SourceKey).IsUnique().HasFilter("state = 'open'");
        builder.HasIndex(a => new { a.State, a.Due, a.Id });
        builder.HasIndex(a => new { a.PartnerId, a.State });
        builder.HasIndex(SearchText).HasMethod("gin").HasOperators("gin_trgm_ops");
        builder.HasOne<Partner>().WithMany().HasForeignKey(a => a.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(a => a.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }
}
