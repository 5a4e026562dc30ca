namespace PartnerPortal.SamplePartner;

/// <summary>
/// The public status page in the shape of Atlassian Statuspage's summary. As in life a person writes it:
/// it admits a problem five minutes late, and never one that is not theirs.
/// </summary>
internal static class StatusPage
{
    private static readonly TimeSpan Reluctance = TimeSpan.FromMinutes(5);

    public static void MapStatusPage(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v2/summary.json", (Faults faults, TimeProvider clock) => Results.Ok(Summary(faults, clock.GetUtcNow())));

    private static object Summary(Faults faults, DateTimeOffset now)
    {
        var admitted = faults.At(now).Where(fault => now - fault.StartedAt >= Reluctance).ToList();
        string Component(params (string Kind, string Status)[] when) =>
            when.FirstOrDefault(pair => admitted.Any(fault => fault.Kind == pair.Kind)).Status ?? "operational";

        var api = Component((Faults.Outage, "major_outage"), (Faults.Errors, "partial_outage"), (Faults.Slow, "degraded_performance"));
        var purchases = Component((Faults.Outage, "major_outage"), (Faults.DeclinePurchases, "major_outage"), (Faults.Errors, "partial_outage"), (Faults.Slow, "degraded_performance"));
        var metrics = Component((Faults.MetricsDown, "major_outage"), (Faults.BadMetrics, "partial_outage"));
        string[] all = [api, purchases, metrics];
        var (indicator, description) =
            all.Contains("major_outage") ? ("critical", "Major Service Outage")
            : all.Contains("partial_outage") ? ("major", "Partial System Outage")
            : all.Contains("degraded_performance") ? ("minor", "Minor Service Outage")
            : ("none", "All Systems Operational");
        return new
        {
            page = new { id = "tunes", name = "Tunes", url = "https://status.tunes.example", time_zone = "Europe/Stockholm", updated_at = now },
            status = new { indicator, description },
            components = new[]
            {
                new { id = "api", name = "Catalogue API", status = api },
                new { id = "purchases", name = "Purchases", status = purchases },
                new { id = "metrics", name = "Metrics service", status = metrics },
            },
            incidents = admitted.Select(fault => new
            {
                id = $"inc-{fault.StartedAt.ToUnixTimeSeconds()}",
                name = $"We are looking into a problem ({fault.Kind})",
                status = "investigating",
                impact = indicator,
                started_at = fault.StartedAt,
                created_at = fault.StartedAt + Reluctance,
            }),
            scheduled_maintenances = new[] { Maintenance(now) },
        };
    }

    /// <summary>Two hours, early on the next Sunday.</summary>
    private static object Maintenance(DateTimeOffset now)
    {
        var from = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(7 - (int)now.UtcDateTime.DayOfWeek).AddHours(1);
        return new
        {
            id = $"mnt-{from.ToUnixTimeSeconds()}",
            name = "Database upgrade, purchases pause for some minutes",
            status = "scheduled",
            impact = "maintenance",
            scheduled_for = from,
            scheduled_until = from.AddHours(2),
        };
    }
}
