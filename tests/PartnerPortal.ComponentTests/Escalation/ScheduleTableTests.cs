using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Web.Escalation;

namespace PartnerPortal.ComponentTests.Escalation;

public sealed class ScheduleTableTests : BunitContext
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public ScheduleTableTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void Now_next_and_gaps_stand_side_by_side()
    {
        var covered = Schedule.Enter(new("Ops", TimeZone: "Europe/Berlin", Layers: [new("weekly", 1, "2026-01-05T09:00", ["ana@example.com", "li@example.com"])]), Monday);
        var holes = Schedule.Enter(new("Night", TimeZone: "Europe/Berlin", Layers: [new("daily", 1, "2026-01-05T09:00", ["", "li@example.com"])]), Monday);
        var table = Render<ScheduleTable>(p => p.Add(t => t.Rows, [ScheduleRow.Of(covered, Monday), ScheduleRow.Of(holes, Monday)]));
        var rows = table.FindAll("tbody tr");
        Assert.Contains("ana@example.com", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("none", rows[0].QuerySelector(".chip.ok")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("nobody", rows[1].QuerySelector(".chip.outage")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(rows[1].QuerySelector(".chip.degraded"));
    }
}
