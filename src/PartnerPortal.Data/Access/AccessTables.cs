using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Access;

/// <summary>People, their ways to sign in, and the keys that protect cookies.</summary>
internal sealed class AccessTables :
    IEntityTypeConfiguration<PortalUser>,
    IEntityTypeConfiguration<IdentityUserClaim<Guid>>,
    IEntityTypeConfiguration<IdentityUserLogin<Guid>>,
    IEntityTypeConfiguration<IdentityUserToken<Guid>>,
    IEntityTypeConfiguration<IdentityUserPasskey<Guid>>,
    IEntityTypeConfiguration<DataProtectionKey>,
    IEntityTypeConfiguration<Session>,
    IEntityTypeConfiguration<ApiToken>,
    IEntityTypeConfiguration<Invitation>
{
    public const string Schema = "access";

    public void Configure(EntityTypeBuilder<PortalUser> builder)
    {
        builder.ToTable("people", Schema);
        builder.Property(u => u.DisplayName).HasMaxLength(200);
        builder.Property(u => u.TimeZone).HasMaxLength(60);
        builder.Property(u => u.CreatedAt).HasDefaultValueSql("portal.now()");
        builder.HasIndex(u => u.NormalizedEmail).HasDatabaseName("ix_people_normalized_email").IsUnique();
        builder.HasOne<Partner>().WithMany().HasForeignKey(u => u.PartnerId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder) => builder.ToTable("claims", Schema);

    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder) => builder.ToTable("logins", Schema);

    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder) => builder.ToTable("secrets", Schema);

    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder) => builder.ToTable("passkeys", Schema);

    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.ToTable("cookie_keys", Schema);

    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions", Schema);
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.PersonName).HasMaxLength(254);
        builder.Property(s => s.How).HasMaxLength(40);
        builder.Property(s => s.Ip).HasMaxLength(64);
        builder.Property(s => s.UserAgent).HasMaxLength(400);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(s => s.PersonId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(s => s.SeenAt);
    }

    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("tokens", Schema);
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Name).HasMaxLength(120);
        builder.Property(t => t.Hint).HasMaxLength(20);
        builder.Property(t => t.Scopes).AsJson();
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(t => t.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Partner>().WithMany().HasForeignKey(t => t.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(t => t.Hash).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("invitations", Schema);
        builder.HasKey(i => i.Id);
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Email).HasMaxLength(254);
        builder.Property(i => i.InvitedBy).HasMaxLength(254);
        builder.Property(i => i.Version).IsRowVersion();
        builder.HasOne<Partner>().WithMany().HasForeignKey(i => i.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(i => i.Hash).IsUnique();
    }
}
