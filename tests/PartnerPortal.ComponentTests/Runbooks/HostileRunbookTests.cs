using System.Text.Json;
using AngleSharp.Html.Parser;
using PartnerPortal.Web.Runbooks;

namespace PartnerPortal.ComponentTests.Runbooks;

public sealed class HostileRunbookTests
{
    private static readonly HashSet<string> Tags =
    [
        "a", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr", "input",
        "li", "ol", "p", "pre", "s", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];

    public static TheoryData<string> Own =>
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert%281%29)",
        "![a](javascript:alert(1))",
        "<svg/onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "```html\" onmouseover=\"alert(1)\n<script>\n```",
        "| <script>alert(1)</script> | <img src=x onerror=alert(1)> |\n|---|---|\n| [x](vbscript:a) | <math><mtext><style><img onerror=alert(1)> |",
        "- [ ] <input type=text onfocus=alert(1) autofocus>\n- [x] \"><img src=x onerror=alert(1)>",
        "# <a id=body name=body>clobber</a>\n\n# {onclick=alert(1)}\n\ntext {#main .form-foot onclick=alert(1)}",
        "<details/open/ontoggle=alert(1)>x</details>",
        "&lt;details&gt;&lt;img src=x onerror=alert(1)&gt;",
        "<details>\n<summary onclick=alert(1)>x</summary>\n<form action=https://evil.example><button>go</button></form>\n</details>",
        "[x]: https://example.com \"onmouseover=alert(1)\"\n\n[x]",
        "[x](https://example.com \"a\\\" onmouseover=\\\"alert(1)\")",
        "<a href=\"jav&#x0A;ascript:alert(1)\">x</a>",
        "<style>*{background:url(https://evil.example)}</style>",
        "<base href=https://evil.example>\n<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!-- --!><img src=x onerror=alert(1)>",
        "<?php echo 1 ?> <![CDATA[<img src=x onerror=alert(1)>]]> <!DOCTYPE x>",
        "---\ntitle: <script>alert(1)</script>\n---\ntext",
        "https://example.com/\"onmouseover=alert(1)",
        "<https://example.com/\"onmouseover=alert(1)>",
        "Term\n:   <script>alert(1)</script>",
    ];

    [Theory]
    [MemberData(nameof(Own))]
    public void An_attack_on_our_own_syntax_stays_text(string text) => AssertHarmless(text);

    [Fact]
    public void Every_collected_attack_is_harmless_alone_in_a_paragraph_a_list_a_table_and_a_link()
    {
        Assert.SkipWhen(Realdata.Runbooks is null, Realdata.Absent);
        using var payloads = JsonDocument.Parse(File.ReadAllText(Path.Combine(Realdata.Runbooks!, "hostile", "dompurify_payloads.json")));
        var count = 0;
        foreach (var payload in payloads.RootElement.EnumerateArray().Select(p => p.GetProperty("payload").GetString()!))
        {
            foreach (var place in new[] { "{0}", "text {0} text", "- [ ] {0}", "| a |\n|---|\n| {0} |", "[x]({0})", "![x](<{0}>)", "> {0}", "<details>\n{0}\n</details>", "# {0}" })
            {
                AssertHarmless(place.Replace("{0}", payload, StringComparison.Ordinal));
                count++;
            }
        }

        Assert.True(count >= 24 * 9, $"Only {count} attacks were tried.");
    }

    [Fact]
    public void Every_table_of_the_collection_renders_harmless()
    {
        Assert.SkipWhen(Realdata.Runbooks is null, Realdata.Absent);
        var cases = File.ReadAllText(Path.Combine(Realdata.Runbooks!, "hostile", "markdown-it_tables.txt")).Split("\n.\n");

        Assert.True(cases.Length > 50);
        Assert.All(cases, AssertHarmless);
    }

    [Fact]
    public void Every_collected_runbook_renders_harmless_with_its_headings_and_code()
    {
        Assert.SkipWhen(Realdata.Runbooks is null, Realdata.Absent);
        var files = Directory.GetFiles(Realdata.Runbooks!, "*.md");

        Assert.True(files.Length >= 20);
        Assert.All(files, file =>
        {
            var text = File.ReadAllText(file);
            AssertHarmless(text);
            var rendered = RunbookHtml.Render(text);
            Assert.True(rendered.Html.Length > text.Length / 2, file);
            Assert.Equal(text.Contains("```", StringComparison.Ordinal), rendered.Html.Contains("<pre", StringComparison.Ordinal) && text.Contains("```", StringComparison.Ordinal));
        });
        Assert.Equal(85, RunbookHtml.Render(File.ReadAllText(Path.Combine(Realdata.Runbooks!, "aws_IRP-DoS.md"))).Steps);
    }

    private static void AssertHarmless(string text)
    {
        var html = RunbookHtml.Render(text, "/partners/tunes/runbooks/down").Html;
        foreach (var element in new HtmlParser().ParseDocument("<body>" + html).Body!.QuerySelectorAll("*"))
        {
            Assert.True(Tags.Contains(element.LocalName), $"<{element.LocalName}> came out of {text}");
            Assert.All(element.Attributes, a =>
            {
                Assert.False(a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), $"{a.Name} came out of {text}");
                Assert.DoesNotContain("script:", a.Name == "href" ? Bare(a.Value) : "", StringComparison.OrdinalIgnoreCase);
                Assert.True(a.Name is not ("src" or "action" or "formaction" or "srcdoc" or "name" or "data" or "xlink:href"), $"{a.Name} came out of {text}");
            });
            Assert.Matches("^(|https?://.*|mailto:.*|tel:.*|/partners/.*)$", element.GetAttribute("href") ?? "");
            Assert.Matches("^(|h-.*)$", element.Id ?? "");
            Assert.Matches("^(|text-align: ?(left|right|center);?)$", element.GetAttribute("style") ?? "");
        }
    }

    private static string Bare(string url) => new([.. url.Where(c => !char.IsControl(c) && !char.IsWhiteSpace(c))]);
}
