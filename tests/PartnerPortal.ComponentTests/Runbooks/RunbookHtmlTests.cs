using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using PartnerPortal.Web.Runbooks;

namespace PartnerPortal.ComponentTests.Runbooks;

public sealed class RunbookHtmlTests
{
    private static IElement Show(string text, string? page = "/partners/tunes/runbooks/down", Func<string, string?>? sibling = null) =>
        new HtmlParser().ParseDocument("<body>" + RunbookHtml.Render(text, page, sibling).Html).Body!;

    [Fact]
    public void Steps_are_numbered_boxes_that_say_what_they_are()
    {
        var rendered = RunbookHtml.Render("- [ ] Call the **desk** at [their number](tel:+46812345678)\n- [x] Look at `status`\n  1. [ ] nested\n");

        var boxes = new HtmlParser().ParseDocument(rendered.Html).QuerySelectorAll("li.task-list-item > input.step");
        Assert.Equal(3, rendered.Steps);
        Assert.Equal(["Step 1: Call the desk at their number", "Step 2: Look at status", "Step 3: nested"], boxes.Select(b => b.GetAttribute("aria-label")));
        Assert.Equal([false, true, false], boxes.Select(b => b.HasAttribute("checked")));
        Assert.Equal(["1", "2", "3"], boxes.Select(b => b.GetAttribute("data-step")));
    }

    [Fact]
    public void Headings_lie_below_the_title_of_the_page_and_make_the_contents()
    {
        var rendered = RunbookHtml.Render("# Down\n\n## Meaning\n\n## Meaning\n\n[up](#meaning)", "/partners/t/runbooks/r");
        var body = new HtmlParser().ParseDocument(rendered.Html);

        Assert.Empty(body.QuerySelectorAll("h1"));
        Assert.Equal([("h-down", "Down", 1), ("h-meaning", "Meaning", 2), ("h-meaning-1", "Meaning", 2)], rendered.Contents.Select(c => (c.Id, c.Text, c.Level)));
        Assert.Equal(rendered.Contents.Select(c => c.Id), body.QuerySelectorAll("h2, h3").Select(h => h.Id));
        Assert.Equal("/partners/t/runbooks/r#h-meaning", body.QuerySelector("a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("[x](https://example.com/a?b=1)", "https://example.com/a?b=1")]
    [InlineData("[x](mailto:ana@example.com)", "mailto:ana@example.com")]
    [InlineData("[x](tel:+46812345678)", "tel:+46812345678")]
    [InlineData("<https://example.com>", "https://example.com")]
    [InlineData("https://example.com/auto", "https://example.com/auto")]
    [InlineData("[x][1]\n\n[1]: https://example.com/ref", "https://example.com/ref")]
    [InlineData("[x](/partners/tunes)", "/partners/tunes")]
    [InlineData("[x](../other/refund_stuck.md#how)", "/r/refund-stuck")]
    [InlineData("[x](missing.md)", null)]
    [InlineData("[x](javascript:alert(1))", null)]
    [InlineData("[x](JaVa&#x09;ScRiPt:alert(1))", null)]
    [InlineData("[x](\u0001javascript:alert(1))", null)]
    [InlineData("[x](data:text/html,hi)", null)]
    [InlineData("[x](vbscript:x)", null)]
    [InlineData("[x](file:///etc/passwd)", null)]
    [InlineData("[x](//evil.example/x)", null)]
    [InlineData("[x](/sign-out)", null)]
    [InlineData("[x](/partners/../sign-out)", null)]
    [InlineData("<javascript:alert(1)>", null)]
    [InlineData("<a href='https://example.com'>x</a>", null)]
    public void Links_lead_to_the_web_mail_phones_and_runbooks_only(string text, string? target)
    {
        var body = Show(text, sibling: slug => slug == "missing" ? null : $"/r/{slug}");

        Assert.Equal(target, body.QuerySelector("a[href]")?.GetAttribute("href"));
        if (target?.StartsWith("http", StringComparison.Ordinal) == true)
        {
            Assert.Equal("noopener noreferrer nofollow", body.QuerySelector("a")!.GetAttribute("rel"));
        }
    }

    [Fact]
    public void Words_of_a_link_that_leads_nowhere_stay() => Assert.Equal("call the desk now", Show("call [the **desk**](javascript:x) now").TextContent.Trim());

    [Fact]
    public void A_picture_is_named_and_not_fetched()
    {
        var body = Show("![the switch](https://evil.example/beacon.png) ![](data:image/png;base64,AA==)");

        Assert.Empty(body.QuerySelectorAll("img, picture, svg"));
        Assert.Contains("[picture: the switch]", body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_is_shown_as_the_text_that_it_is_and_comments_are_left_out()
    {
        var body = Show("<!-- hidden -->\n\n<div onclick=\"x()\">shown</div>\n\nsome <b onmouseover=x>bold</b> <!-- gone --> text\n");

        Assert.Contains("<div onclick=\"x()\">shown</div>", body.TextContent, StringComparison.Ordinal);
        Assert.Contains("<b onmouseover=x>bold</b>", body.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", body.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Details_of_real_runbooks_can_be_opened()
    {
        var body = Show("<details>\n<summary>Full context</summary>\n\nMore **text**.\n\n</details>\n\nafter<br>line");

        Assert.Equal("Full context", body.QuerySelector("details > summary")!.TextContent);
        Assert.NotNull(body.QuerySelector("details strong"));
        Assert.Single(body.QuerySelectorAll("p > br"));
        Assert.Null(Show("<details open ontoggle=alert(1)>").QuerySelector("details"));
    }

    [Fact]
    public void Front_matter_is_not_shown_and_tables_keep_their_alignment()
    {
        var body = Show("---\ntitle: Down\n---\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n");

        Assert.DoesNotContain("title:", body.TextContent, StringComparison.Ordinal);
        Assert.Equal(["text-align: left", "text-align: right"], body.QuerySelectorAll("td").Select(c => c.GetAttribute("style")!.TrimEnd(';')));
    }

    [Theory]
    [InlineData(">", 50_000)]
    [InlineData("[", 50_000)]
    [InlineData("![](", 20_000)]
    [InlineData("- ", 20_000)]
    [InlineData("**a ", 20_000)]
    [InlineData("|a", 20_000)]
    [InlineData("<details>\n", 5_000)]
    public async Task What_was_written_to_hang_a_renderer_is_done_in_seconds(string piece, int times)
    {
        var render = Task.Run(() => RunbookHtml.Render(string.Concat(Enumerable.Repeat(piece, times))), Xunit.TestContext.Current.CancellationToken);

        var rendered = await render.WaitAsync(TimeSpan.FromSeconds(10), Xunit.TestContext.Current.CancellationToken);

        Assert.NotNull(rendered.Html);
    }
}
