using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Data.Metrics;

/// <summary>What was pushed about a metric. Remote write tells nothing of the source, so the last word about a name holds.</summary>
internal sealed class PushedFamilyRow
{
    public string Partner { get; init; } = "";
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public string Help { get; init; } = "";
    public string Unit { get; init; } = "";
}

internal sealed class PushedFamilyTables : IEntityTypeConfiguration<PushedFamilyRow>
{
    public void Configure(EntityTypeBuilder<PushedFamilyRow> builder)
    {
        builder.ToTable("pushed_families", "metrics");
        builder.HasKey(r => new { r.Partner, r.Name });
    }
}

/// <summary>Keeps what was pushed about metrics, beside the samples.</summary>
public sealed class PushedFamilyStore(NpgsqlDataSource database)
{
    /// <summary>Keeps what is new or changed.</summary>
    /// <param name="partner">The partner's slug, or empty when the writer is bound to none.</param>
    /// <param name="families">The descriptions; of several of one name the last holds.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task DescribeAsync(string partner, IReadOnlyCollection<MetricFamily> families, CancellationToken cancel)
    {
        var last = families.GroupBy(f => f.Name, StringComparer.Ordinal).Select(g => g.Last()).ToList();
        await using var command = database.CreateCommand(
            """
            INSERT INTO metrics.pushed_families AS p (partner, name, type, help, unit)
            SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS g(name, type, help, unit) ORDER BY name
            ON CONFLICT (partner, name) DO UPDATE SET type = excluded.type, help = excluded.help, unit = excluded.unit
            WHERE (p.type, p.help, p.unit) IS DISTINCT FROM (excluded.type, excluded.help, excluded.unit)
            """);
        command.Parameters.Add(new() { Value = partner });
        command.Parameters.Add(new() { Value = last.Select(f => f.Name).ToArray() });
        command.Parameters.Add(new() { Value = last.Select(f => f.Type.ToString().ToLowerInvariant()).ToArray() });
        // PostgreSQL's text holds every character but this one.
        command.Parameters.Add(new() { Value = last.Select(f => f.Help.Replace("\0", "", StringComparison.Ordinal)).ToArray() });
        command.Parameters.Add(new() { Value = last.Select(f => f.Unit.Replace("\0", "", StringComparison.Ordinal)).ToArray() });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
