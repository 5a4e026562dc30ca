using PartnerPortal.Data.Audit;
using PartnerPortal.Domain.Audit;
using PartnerPortal.Web.Audit;

namespace PartnerPortal.ComponentTests.Audit;

public sealed class AuditTableTests : BunitContext
{
    [Fact]
    public void A_change_shows_before_and_after_by_field()
    {
        var table = Show(new FieldChange("Summary", "old", "new"), new FieldChange("Owner", null, "ana@example.com"));
        Assert.Equal(["Summary", "Owner"], table.FindAll("dt").Select(d => d.TextContent));
        Assert.Equal("old", table.Find("del").TextContent);
        Assert.Equal(["new", "ana@example.com"], table.FindAll("ins").Select(i => i.TextContent));
        Assert.Empty(table.FindAll("details"));
    }

    [Fact]
    public void Many_fields_are_folded_away_under_the_first_names()
    {
        var table = Show([.. Enumerable.Range(1, 9).Select(i => new FieldChange($"F{i}", null, "x"))]);
        Assert.Equal("9 fields: F1, F2, F3…", table.Find("summary").TextContent);
    }

    [Fact]
    public void Values_are_text_and_never_markup() =>
        Assert.Empty(Show(new FieldChange("Notes", null, "<script>alert(1)</script>")).FindAll("script"));

    [Fact]
    public void An_empty_log_teaches_and_a_narrowed_one_leads_back()
    {
        var fresh = Render<AuditPageTable>(p => p.Add(x => x.Rows, []));
        Assert.Contains("Nothing was changed yet", fresh.Markup, StringComparison.Ordinal);
        var narrowed = Render<AuditPageTable>(p => p.Add(x => x.Rows, []).Add(x => x.Narrowed, true).Add(x => x.All, "/settings/audit"));
        Assert.Equal("/settings/audit", narrowed.Find("a.btn").GetAttribute("href"));
    }

    private IRenderedComponent<AuditTable> Show(params FieldChange[] changes) => Render<AuditTable>(p => p.Add(x => x.Rows,
        [new AuditRow(Guid.Empty, DateTimeOffset.UnixEpoch, "ana@example.com", "page", "tunes", "Tunes", "partner", Guid.Empty, "Tunes", "changed", changes, 1)]));
}
