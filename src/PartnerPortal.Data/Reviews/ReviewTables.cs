using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

internal sealed class ReviewTables :
    IEntityTypeConfiguration<ChecklistTemplate>,
    IEntityTypeConfiguration<TemplateVersion>,
    IEntityTypeConfiguration<TemplateDraft>,
    IEntityTypeConfiguration<Review>,
    IEntityTypeConfiguration<Answer>,
    IEntityTypeConfiguration<AnswerVersion>,
    IEntityTypeConfiguration<Waiver>,
    IEntityTypeConfiguration<Target>
{
    /// <summary>The transaction that wrote a version: PostgreSQL's own column.</summary>
    internal const string Transaction = "Transaction";

    private const string Schema = "reviews";

    public void Configure(EntityTypeBuilder<ChecklistTemplate> builder)
    {
        builder.ToTable("templates", Schema);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Slug).HasMaxLength(Slug.Longest);
        builder.Property(t => t.Title).HasMaxLength(200);
        builder.Property(t => t.Latest).IsConcurrencyToken();
        builder.HasIndex(t => t.Slug).IsUnique();
        builder.HasMany(t => t.Versions).WithOne().HasForeignKey(v => v.TemplateId).OnDelete(DeleteBehavior.Restrict);
        builder.Navigation(t => t.Versions).UsePropertyAccessMode(PropertyAccessMode.Field);
    }

    public void Configure(EntityTypeBuilder<TemplateVersion> builder)
    {
        builder.ToTable("template_versions", Schema);
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Content).AsJson();
        builder.Property(v => v.PublishedBy).HasMaxLength(254);
        builder.HasIndex(v => new { v.TemplateId, v.Number }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<TemplateDraft> builder)
    {
        builder.ToTable("template_drafts", Schema);
        builder.HasKey(d => d.Slug);
        builder.Property(d => d.Slug).HasMaxLength(Slug.Longest);
        builder.Property(d => d.Content).AsJson();
        builder.Property(d => d.Version).IsConcurrencyToken();
        builder.Property(d => d.EditedBy).HasMaxLength(254);
    }

    public void Configure(EntityTypeBuilder<Review> builder)
    {
        builder.ToTable("reviews", Schema);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Title).HasMaxLength(200);
        builder.Property(r => r.StartedBy).HasMaxLength(254);
        builder.Property(r => r.Decision).AsJson();
        builder.Property(r => r.Closing).AsJson();
        builder.HasIndex(r => new { r.IntegrationId, r.Id });
        builder.HasIndex(r => r.PartnerId);
        builder.HasOne<Partner>().WithMany().HasForeignKey(r => r.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(r => r.IntegrationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<TemplateVersion>().WithMany().HasForeignKey(r => r.TemplateVersionId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(r => r.Answers).WithOne("Review").HasForeignKey(a => a.ReviewId).OnDelete(DeleteBehavior.Cascade);
        builder.Navigation(r => r.Answers).UsePropertyAccessMode(PropertyAccessMode.Field);
    }

    public void Configure(EntityTypeBuilder<Answer> builder)
    {
        builder.ToTable("answers", Schema);
        builder.HasKey(a => new { a.ReviewId, a.Key });
        builder.Property(a => a.Key).HasMaxLength(Slug.Longest);
        builder.Property(a => a.AnsweredBy).HasMaxLength(254);
        builder.Property(a => a.Evidence).AsJson();
        builder.Property(a => a.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<AnswerVersion> builder)
    {
        builder.ToTable("answer_versions", Schema);
        builder.HasKey(v => new { v.ReviewId, v.Key, v.Version });
        builder.Property(v => v.Key).HasMaxLength(Slug.Longest);
        builder.Property<uint>(Transaction).IsRowVersion();
        builder.Property(v => v.By).HasMaxLength(254);
        builder.Property(v => v.Evidence).AsJson();
        builder.HasOne<Review>().WithMany().HasForeignKey(v => v.ReviewId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Waiver> builder)
    {
        builder.ToTable("waivers", Schema);
        builder.Property(w => w.Id).ValueGeneratedNever();
        builder.Property(w => w.Subject).HasMaxLength(200);
        builder.Property(w => w.Title).HasMaxLength(400);
        builder.Property(w => w.RequestedBy).HasMaxLength(254);
        builder.Property(w => w.ApprovedBy).HasMaxLength(254);
        builder.Property(w => w.EndedBy).HasMaxLength(254);
        builder.Property(w => w.Version).IsRowVersion();
        builder.HasIndex(w => new { w.IntegrationId, w.Area, w.Subject }).IsUnique().HasFilter("ended_at IS NULL");
        builder.HasOne<Partner>().WithMany().HasForeignKey(w => w.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(w => w.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Target> builder)
    {
        builder.ToTable("targets", Schema);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Key).HasMaxLength(Slug.Longest);
        builder.Property(t => t.NormalSubject).HasMaxLength(200);
        builder.Property(t => t.AgreedWith).HasMaxLength(200);
        builder.Property(t => t.Query).HasMaxLength(4000);
        builder.Property(t => t.NotApplicable).HasMaxLength(2000);
        builder.Property(t => t.Terms).AsJson();
        builder.Property(t => t.Ours).AsJson();
        builder.Property(t => t.Theirs).AsJson();
        builder.Property(t => t.Reading).AsJson();
        builder.Property(t => t.Proof).AsJson();
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasIndex(t => new { t.IntegrationId, t.Key }).IsUnique();
        builder.HasIndex(t => new { t.IntegrationId, t.NormalSubject }).IsUnique();
        builder.HasIndex(t => t.PartnerId);
        builder.HasOne<Partner>().WithMany().HasForeignKey(t => t.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(t => t.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }
}
