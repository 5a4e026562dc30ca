using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Partners;

internal sealed class PartnerTables : IEntityTypeConfiguration<Partner>
{
    /// <summary>Shadow column: everything that a partner is found by, in lower case.</summary>
    public const string SearchText = "SearchText";

    public void Configure(EntityTypeBuilder<Partner> builder)
    {
        builder.ToTable("partners", "partners");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Slug).HasMaxLength(Slug.Longest);
        builder.Property(p => p.Name).HasMaxLength(200);
        builder.Property(p => p.Summary).HasMaxLength(2000);
        builder.Property(p => p.Owner).HasMaxLength(254);
        builder.Property(p => p.Deputy).HasMaxLength(254);
        builder.Property(p => p.MailAddress).HasMaxLength(254);
        builder.Property(p => p.Tags).HasColumnType("text[]");
        builder.Property(p => p.Links).AsJson();
        builder.Property(p => p.Documents).AsJson();
        builder.Property(p => p.Version).IsRowVersion();
        builder.Property<string>(SearchText)
            .HasComputedColumnSql("lower(name || ' ' || slug || ' ' || coalesce(owner, '') || ' ' || portal.joined(tags))", stored: true);
        builder.HasIndex(p => p.Slug).IsUnique();
        builder.HasIndex(p => new { p.Name, p.Slug });
        builder.HasIndex(SearchText).HasMethod("gin").HasOperators("gin_trgm_ops");
        builder.HasIndex(p => p.Tags).HasMethod("gin");
        builder.HasMany(p => p.Integrations).WithOne().HasForeignKey(i => i.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.Navigation(p => p.Integrations).UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}
