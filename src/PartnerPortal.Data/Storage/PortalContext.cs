using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Audit;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Data.Storage;

/// <summary>The database as EF sees it. Only stores use it: one context per method, opened by <see cref="PortalDatabase"/>.</summary>
public sealed class PortalContext(DbContextOptions<PortalContext> options)
    : IdentityUserContext<PortalUser, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>Who writes; the audit interceptor refuses to save without it.</summary>
    internal Actor? By { get; set; }

    /// <summary>Set by bulk paths, which write one summary row themselves: additions are then not logged one by one.</summary>
    internal bool AddsInBulk { get; set; }

    /// <summary>Partners with their integrations.</summary>
    public DbSet<Partner> Partners => Set<Partner>();

    /// <summary>Integrations of all partners.</summary>
    public DbSet<Integration> Integrations => Set<Integration>();

    /// <summary>Contacts of all partners, removed ones included.</summary>
    public DbSet<Contact> Contacts => Set<Contact>();

    /// <summary>Escalation policies, the last resort included.</summary>
    public DbSet<EscalationPolicy> EscalationPolicies => Set<EscalationPolicy>();

    /// <summary>Our teams.</summary>
    public DbSet<Team> Teams => Set<Team>();

    /// <summary>Runbooks of all partners.</summary>
    public DbSet<Runbook> Runbooks => Set<Runbook>();

    /// <summary>Every version of every runbook.</summary>
    public DbSet<RunbookVersion> RunbookVersions => Set<RunbookVersion>();

    /// <summary>The keys that protect cookies.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasPostgresExtension("pg_trgm");
        builder.ApplyConfigurationsFromAssembly(typeof(PortalContext).Assembly);
        AuditTables.AddFunctions(builder);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Conventions.Add(_ => new WordsConvention());
    }
}
