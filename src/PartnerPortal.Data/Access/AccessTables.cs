using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Access;

/// <summary>People, their ways to sign in, and the keys that protect cookies.</summary>
internal sealed class AccessTables :
    IEntityTypeConfiguration<PortalUser>,
    IEntityTypeConfiguration<IdentityUserClaim<Guid>>,
    IEntityTypeConfiguration<IdentityUserLogin<Guid>>,
    IEntityTypeConfiguration<IdentityUserToken<Guid>>,
    IEntityTypeConfiguration<IdentityUserPasskey<Guid>>,
    IEntityTypeConfiguration<DataProtectionKey>
{
    public const string Schema = "access";

    public void Configure(EntityTypeBuilder<PortalUser> builder)
    {
        builder.ToTable("people", Schema);
        builder.Property(u => u.DisplayName).HasMaxLength(200);
        builder.Property(u => u.TimeZone).HasMaxLength(60);
        builder.Property(u => u.CreatedAt).HasDefaultValueSql("portal.now()");
        builder.HasOne<Partner>().WithMany().HasForeignKey(u => u.PartnerId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder) => builder.ToTable("claims", Schema);

    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder) => builder.ToTable("logins", Schema);

    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder) => builder.ToTable("secrets", Schema);

    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder) => builder.ToTable("passkeys", Schema);

    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.ToTable("cookie_keys", Schema);
}
