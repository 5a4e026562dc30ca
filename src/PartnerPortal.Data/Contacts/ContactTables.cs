using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Contacts;

/// <summary>An attempt as it is kept; <see cref="Contact.LastAttempt"/> repeats the newest one on the present number.</summary>
internal sealed class AttemptLine
{
    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public AttemptOutcome Outcome { get; init; }
    public string By { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

internal sealed class ContactTables : IEntityTypeConfiguration<Contact>, IEntityTypeConfiguration<AttemptLine>
{
    /// <summary>Shadow column: everything that a contact is found by, in lower case.</summary>
    public const string SearchText = "SearchText";

    public void Configure(EntityTypeBuilder<Contact> builder)
    {
        builder.ToTable("contacts", "contacts");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Slug).HasMaxLength(Slug.Longest);
        builder.Property(c => c.Name).HasMaxLength(200);
        builder.Property(c => c.Role).HasMaxLength(120);
        builder.Property(c => c.Phone).HasMaxLength(16);
        builder.Property(c => c.Email).HasMaxLength(254);
        builder.Property(c => c.TimeZone).HasMaxLength(60);
        builder.Property(c => c.Hours).HasMaxLength(400);
        builder.Property(c => c.Language).HasMaxLength(60);
        builder.Property(c => c.Notes).HasMaxLength(2000);
        builder.Property(c => c.ConfirmedBy).HasMaxLength(254);
        builder.Property(c => c.LastAttempt).AsJson();
        builder.Property(c => c.Version).IsRowVersion();
        builder.Property<string>(SearchText)
            .HasComputedColumnSql("lower(name || ' ' || role || ' ' || coalesce(email, '') || ' ' || coalesce(phone, ''))", stored: true);
        builder.HasIndex(c => new { c.PartnerId, c.Slug }).IsUnique();
        builder.HasIndex(SearchText).HasMethod("gin").HasOperators("gin_trgm_ops");
        builder.HasOne<Partner>().WithMany().HasForeignKey(c => c.PartnerId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<AttemptLine> builder)
    {
        builder.ToTable("attempts", "contacts");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.By).HasMaxLength(254);
        builder.HasIndex(a => new { a.ContactId, a.Id });
        builder.HasOne<Contact>().WithMany().HasForeignKey(a => a.ContactId).OnDelete(DeleteBehavior.Restrict);
    }
}
