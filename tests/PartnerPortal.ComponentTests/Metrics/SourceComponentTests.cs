using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.Web.Metrics;

namespace PartnerPortal.ComponentTests.Metrics;

public sealed class SourceComponentTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public SourceComponentTests() => Services.AddSingleton(TimeProvider.System);

    [Fact]
    public void A_source_that_is_down_says_why_with_the_line_and_since_when()
    {
        var table = Table([Row("shop", Good with { Error = "A label's value has no closing quote on its line.", ErrorLine = 101, Since = Now - TimeSpan.FromMinutes(12) })]);
        Assert.Contains("Line 101: A label's value has no closing quote", table.Find(".reason").TextContent, StringComparison.Ordinal);
        Assert.Contains("Down", table.Find(".chip.outage").TextContent, StringComparison.Ordinal);
        Assert.Contains("for 12 min", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_was_never_scraped_waits_and_is_neither_up_nor_down()
    {
        var table = Table([Row("shop", null)]);
        Assert.Contains("Waiting", table.Find(".chip.nodata").TextContent, StringComparison.Ordinal);
        Assert.Contains("none yet", table.Markup, StringComparison.Ordinal);
        Assert.Empty(table.FindAll(".reason"));
    }

    [Fact]
    public void Repeated_lines_of_a_page_are_told()
    {
        var table = Table([Row("shop", Good with { Duplicates = 3 })]);
        Assert.Contains("3 lines of the page repeat a series", table.Find(".note").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_those_who_may_edit_can_pause()
    {
        SourceRow? paused = null;
        Assert.Empty(Table([Row("shop", Good)]).FindAll("button"));
        var table = Render<SourcesTable>(p => p.Add(t => t.Rows, [Row("shop", Good)]).Add(t => t.Now, Now).Add(t => t.MayEdit, true).Add(t => t.OnPause, row => paused = row));
        table.Find("button").Click();
        Assert.Equal("shop", paused?.Source.Name);
        Assert.Equal("/partners/tunes/metric-sources/shop", table.Find("a.row-link").GetAttribute("href"));
    }

    [Fact]
    public void A_trial_that_works_lists_what_it_found_and_a_long_list_can_be_opened()
    {
        var metrics = Enumerable.Range(0, 30).Select(n => new TriedMetric($"m{n}", MetricType.Counter, "Things.", 2)).ToList();
        var card = Render<TriedCard>(p => p.Add(c => c.Tried, new TriedSource(true, null, null, TimeSpan.FromMilliseconds(42), 2048, 60, 0, metrics)));
        Assert.Contains("60 samples of 30 metrics, 2.0 KiB, in 42 ms", card.Markup, StringComparison.Ordinal);
        Assert.Equal(12, card.FindAll("li").Count);
        card.Find("button").Click();
        Assert.Equal(30, card.FindAll("li").Count);
    }

    [Fact]
    public void A_trial_that_fails_says_the_line_and_the_reason()
    {
        var card = Render<TriedCard>(p => p.Add(c => c.Tried, new TriedSource(false, "The value is missing.", 2, TimeSpan.Zero, 10, 0, 0, [])));
        Assert.Contains("Line 2: The value is missing.", card.Markup, StringComparison.Ordinal);
        Assert.NotNull(card.Find(".chip.outage"));
    }

    [Fact]
    public void A_mapping_shows_what_it_finds_in_the_tried_answer_while_it_is_typed()
    {
        var tried = new TriedSource(false, "JSON needs a mapping", null, TimeSpan.Zero, 30, 0, 0, []) { Json = """{"shops":[{"name":"a","orders":7},{"name":"b","orders":9}]}"""u8.ToArray() };
        var suggested = false;
        var failed = Render<TriedCard>(p => p.Add(c => c.Tried, tried).Add(c => c.OnSuggest, () => suggested = true));
        Assert.Contains("\"orders\":7", failed.Find("pre").TextContent, StringComparison.Ordinal);
        failed.Find("button").Click();
        Assert.True(suggested);

        var form = new SourceForm { Format = SourceFormat.Json };
        var shown = tried;
        var fields = Render<SourceFormFields>(p => p.Add(f => f.Form, form).Add(f => f.OnMapping, () => shown = tried.Through(form.Mapping)));
        fields.Find("textarea[name='mapping']").Input("""{"metrics":[{"name":"orders","items":"$.shops[*]","value":"@.orders","labels":{"shop":"@.name"}}]}""");
        Assert.Contains("orders{shop=\"b\"} 9", Render<TriedCard>(p => p.Add(c => c.Tried, shown)).Markup.Replace("&quot;", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        fields.Find("textarea[name='mapping']").Input("""{"metrics":[{"name":"orders","items":"$.shops[*","value":"@.orders"}]}""");
        Assert.Contains("$.shops[*", shown.Error, StringComparison.Ordinal);
        Assert.Equal("json", form.Draft().Format);
    }

    [Fact]
    public void Expressions_for_an_existing_prometheus_are_lines_of_name_and_expression_and_a_name_stands_once()
    {
        var form = new SourceForm();
        var fields = Render<SourceFormFields>(p => p.Add(f => f.Form, form));
        Assert.Empty(fields.FindAll("textarea[name='queries']"));
        fields.Find("select[name='format']").Change("prometheus api");
        fields.Find("textarea[name='queries']").Input("calls = sum(x{a=\"b\"})\n\n up_now = up == 1 \nempty");
        var draft = form.Draft();
        Assert.Equal("prometheus api", draft.Format);
        Assert.Equal([("calls", "sum(x{a=\"b\"})"), ("up_now", "up == 1"), ("empty", "")], draft.Queries!.Select(q => (q.Key, q.Value)));
        form.Queries = "calls = 1\ncalls = 2";
        Assert.Contains("calls is given twice", Assert.Throws<FieldsRefused>(form.Draft).Errors["queries"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Stored_headers_are_named_but_not_shown_until_somebody_replaces_them()
    {
        var form = new SourceForm { Kept = ["Authorization"] };
        var fields = Render<SourceFormFields>(p => p.Add(f => f.Form, form));
        Assert.Contains("Authorization: ••••••", fields.Markup, StringComparison.Ordinal);
        Assert.Null(form.Draft().Headers);
        fields.FindAll("button").Single(b => b.TextContent == "Replace").Click();
        Assert.Empty(form.Draft().Headers!);
        fields.FindAll("button").Single(b => b.TextContent.Contains("Add header", StringComparison.Ordinal)).Click();
        fields.Find("input[name='headers.name']").Input("X-Key");
        fields.Find("input[name='headers.value']").Input("hidden");
        Assert.Equal("password", fields.Find("input[name='headers.value']").GetAttribute("type"));
        Assert.Equal("hidden", form.Draft().Headers!["X-Key"]);
    }

    private static SourceStatus Good => new(Now, Now, Now, TimeSpan.FromMilliseconds(12), 84, 7000, 0, null, null);

    private static SourceRow Row(string name, SourceStatus? status) => new(
        MetricSource.Enter(Guid.NewGuid(), Guid.NewGuid(), new SourceDraft(name, "https://partner.example/metrics", "partner"), (_, _) => [], Now), "tunes", "main", status);

    private IRenderedComponent<SourcesTable> Table(IReadOnlyList<SourceRow> rows) => Render<SourcesTable>(p => p.Add(t => t.Rows, rows).Add(t => t.Now, Now));
}
