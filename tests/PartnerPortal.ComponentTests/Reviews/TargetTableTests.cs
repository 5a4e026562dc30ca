using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Reviews;

namespace PartnerPortal.ComponentTests.Reviews;

public sealed class TargetTableTests : BunitContext
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public TargetTableTests() => Services.AddSingleton(TimeProvider.System);

    [Theory]
    [InlineData(TargetState.Met, "ok", "Met")]
    [InlineData(TargetState.Violated, "outage", "Violated")]
    [InlineData(TargetState.NoDataYet, "nodata", "No data yet")]
    [InlineData(TargetState.Stale, "degraded", "Stale")]
    [InlineData(TargetState.Waived, "outline", "Waived")]
    [InlineData(TargetState.NotApplicable, "outline", "Not applicable")]
    public void Every_state_has_icon_word_and_colour_and_only_one_is_green(TargetState state, string colour, string word)
    {
        var chip = Render<TargetStateChip>(p => p.Add(c => c.State, state)).Find(".chip");
        Assert.Equal((word, true), (chip.TextContent.Trim(), chip.ClassList.Contains(colour)));
        Assert.Equal(state == TargetState.Met, chip.ClassList.Contains("ok"));
        Assert.NotNull(chip.QuerySelector("svg"));
    }

    [Fact]
    public void Figures_that_do_not_fit_say_so_in_a_sentence_under_their_row()
    {
        var table = Table(Row(new("Calls", "<=", "calls/s", "ours", Ours: 120, Theirs: 50)));
        Assert.Equal("Figures do not fit We plan 120 calls/s, they accept at most 50 calls/s.", table.Find("tr.mismatch td").TextContent.Trim());
        Assert.Equal(("Ours", "Theirs"), (table.Find("th .ours").TextContent, table.Find("th .theirs").TextContent));
        Assert.Empty(Table(Row(new("Calls", "<=", "calls/s", "ours", Ours: 40, Theirs: 50))).FindAll("tr.mismatch"));
    }

    [Fact]
    public void The_value_seen_leads_to_its_chart_over_the_same_window()
    {
        var row = Row(new("Calls", "<=", "calls/s", "ours", Window: "30d", Theirs: 50, Query: "max(calls)"));
        row.Target.See(new(40, Noon));
        var table = Table(row);
        Assert.Contains("/partners/tunes/metrics/explore?query=max%28calls%29&from=now-30d", table.FindAll("a").Select(a => a.GetAttribute("href")));
        Assert.Contains("Met", table.Find(".chip.ok").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_data_a_target_is_grey_and_says_why()
    {
        var row = Row(new("Calls", "<=", "calls/s", "ours", Theirs: 50, Query: "max(calls)"));
        row.Target.See(new(null, Noon, Error: "No series of this integration has the figures."));
        var table = Table(row);
        Assert.Equal("No series of this integration has the figures.", table.Find(".why").TextContent);
        Assert.Empty(table.FindAll(".chip.ok"));
    }

    [Fact]
    public void Who_may_only_read_gets_no_link_to_edit() => Assert.DoesNotContain(
        Render<TargetTable>(p => p.Add(t => t.Rows, [Row(new("Calls"))]).Add(t => t.Now, Noon)).FindAll("a"), a => a.GetAttribute("href")!.Contains("/targets/", StringComparison.Ordinal));

    [Fact]
    public void What_somebody_typed_is_text_and_nothing_else() => Assert.Empty(Table(Row(new("<script>alert(1)</script>"))).FindAll("script"));

    private IRenderedComponent<TargetTable> Table(TargetRow row) => Render<TargetTable>(p => p.Add(t => t.Rows, [row]).Add(t => t.Now, Noon).Add(t => t.MayEdit, true));

    private static TargetRow Row(TargetDraft draft) => new(Target.Enter(Guid.NewGuid(), Guid.NewGuid(), draft, [], "ana@example.com", Noon), "tunes", "main");
}
