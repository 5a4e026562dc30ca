using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

internal sealed class EvidenceFileTables : IEntityTypeConfiguration<EvidenceFile>
{
    public void Configure(EntityTypeBuilder<EvidenceFile> builder)
    {
        builder.ToTable("evidence_files", "reviews");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Key).HasMaxLength(Slug.Longest);
        builder.Property(f => f.Name).HasMaxLength(210);
        builder.Property(f => f.MediaType).HasMaxLength(100);
        builder.Property(f => f.Sha256).HasMaxLength(64);
        builder.Property(f => f.By).HasMaxLength(254);
        builder.Ignore(f => f.Address);
        builder.HasIndex(f => f.ReviewId);
        builder.HasOne<Review>().WithMany().HasForeignKey(f => f.ReviewId).OnDelete(DeleteBehavior.Cascade);
    }
}
