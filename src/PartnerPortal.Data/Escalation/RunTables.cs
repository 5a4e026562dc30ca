using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Data.Escalation;

internal sealed class RunTables : IEntityTypeConfiguration<EscalationRun>, IEntityTypeConfiguration<RunStep>
{
    public void Configure(EntityTypeBuilder<EscalationRun> builder)
    {
        builder.ToTable("runs", "escalation", t => t.HasCheckConstraint("ck_runs_open_is_due", "(ended_at IS NULL) = (due_at IS NOT NULL)"));
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => r.IncidentId).IsUnique();
        builder.Property(r => r.Policies).AsJson();
        builder.Property(r => r.At).HasColumnName("policy_at");
        builder.Property(r => r.Version).IsRowVersion();
        builder.Ignore(r => r.Policy);
        builder.Ignore(r => r.IsPaging);
        builder.HasIndex(r => r.DueAt).HasFilter("due_at IS NOT NULL");
        builder.HasOne<Incident>().WithMany().HasForeignKey(r => r.IncidentId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<RunStep> builder)
    {
        builder.ToTable("steps", "escalation");
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Policy).HasMaxLength(80);
        builder.Property(s => s.Calls).AsJson();
        builder.Property(s => s.Gaps).AsJson();
        builder.Property(s => s.Passed).AsJson();
        // The same turn twice is refused by the database, whoever tries.
        builder.HasIndex(s => new { s.RunId, s.Turn }).IsUnique();
        builder.HasIndex(s => s.IncidentId);
        builder.HasOne<EscalationRun>().WithMany().HasForeignKey(s => s.RunId).OnDelete(DeleteBehavior.Restrict);
    }
}
