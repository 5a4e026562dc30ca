using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Metrics;

/// <summary>How a rule stands for one set of labels; only what is pending, firing or without data is kept.</summary>
internal sealed class StandingRow
{
    public Guid RuleId { get; init; }
    public string Key { get; init; } = "";
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public RuleStanding Standing { get; set; } = default!;
    public Guid? AlertId { get; set; }
}

/// <summary>How the last computation of a rule went.</summary>
internal sealed class RuleRunRow
{
    public Guid RuleId { get; init; }

    /// <summary>Counts commits: of two portals that compute the same rule only one can write.</summary>
    public long Commits { get; set; }
    public DateTimeOffset At { get; set; }
    public DateTimeOffset? LastGoodAt { get; set; }
    public DateTimeOffset? NoDataSince { get; set; }
    public string? Error { get; set; }
    public DateTimeOffset? ErrorSince { get; set; }
    public int TookMicroseconds { get; set; }
}

internal sealed class RuleTables : IEntityTypeConfiguration<Rule>, IEntityTypeConfiguration<StandingRow>, IEntityTypeConfiguration<RuleRunRow>
{
    public void Configure(EntityTypeBuilder<Rule> builder)
    {
        builder.ToTable("rules", "metrics");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Slug).HasMaxLength(Slug.Longest);
        builder.Property(r => r.Title).HasMaxLength(120);
        builder.Property(r => r.Runbook).HasMaxLength(Slug.Longest);
        builder.Property(r => r.Labels).AsJson();
        builder.Property(r => r.Version).IsRowVersion();
        builder.HasIndex(r => new { r.PartnerId, r.Slug }).IsUnique();
        builder.HasOne<Partner>().WithMany().HasForeignKey(r => r.PartnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Integration>().WithMany().HasForeignKey(r => r.IntegrationId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<StandingRow> builder)
    {
        builder.ToTable("rule_standings", "metrics");
        builder.HasKey(s => new { s.RuleId, s.Key });
        builder.Property(s => s.Key).HasMaxLength(64);
        builder.Property(s => s.Labels).AsJson();
        builder.Property(s => s.Standing).AsJson();
        builder.HasOne<Rule>().WithMany().HasForeignKey(s => s.RuleId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RuleRunRow> builder)
    {
        builder.ToTable("rule_runs", "metrics");
        builder.HasKey(r => r.RuleId);
        builder.Property(r => r.Commits).IsConcurrencyToken();
        builder.HasOne<Rule>().WithOne().HasForeignKey<RuleRunRow>(r => r.RuleId).OnDelete(DeleteBehavior.Cascade);
    }
}
