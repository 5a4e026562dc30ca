using CsCheck;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.UnitTests.Runbooks;

public sealed class RunbookTextTests
{
    private static readonly string[] Pieces = ["# ", "---\n", "```", "\n", "- [ ] a", "==", "title: x", "[", "](", "_", "*", "\t"];

    [Theory]
    [InlineData("---\ntitle: \"Router error ratio\"\nweight: 20\n---\n\n# Other\n", "Router error ratio")]
    [InlineData("intro\n\n## Second\n\n# First\n", "First")]
    [InlineData("## Background\n\ntext", "Background")]
    [InlineData("```\n# a comment in a script\n```\n# Real\n", "Real")]
    [InlineData("~~~~sh\n# no\n~~~\n# still no\n~~~~\n# Yes\n", "Yes")]
    [InlineData("Pay **back** a buyer\n===\n", "Pay back a buyer")]
    [InlineData("# `sentry` is [down](https://x.example/a_b) ##", "sentry is down")]
    [InlineData("# snake_case stays_as_it is", "snake_case stays_as_it is")]
    [InlineData("---\ntitle: [broken\n---\n# After\n", "After")]
    [InlineData("---\nno yaml end\n# Heading", "Heading")]
    public void The_title_is_found(string text, string title) => Assert.Equal(title, RunbookText.TitleOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("no heading at all")]
    [InlineData("```\n# only code\n```")]
    [InlineData("#hashtag")]
    [InlineData("| a |\n---\n")]
    public void Without_a_heading_there_is_no_title(string text) => Assert.Null(RunbookText.TitleOf(text));

    [Fact]
    public void Steps_are_counted_in_every_kind_of_list_and_not_in_code() => Assert.Equal(
        4, RunbookText.StepsIn("- [ ] one\n* [x] two\n  - [X] nested\n1. [ ] numbered\n- [] none\n- [ ]\n```\n- [ ] code\n```\n[ ] none\n"));

    [Fact]
    public void Front_matter_gives_its_plain_values_only()
    {
        var front = RunbookText.FrontMatterOf("---\ntitle: Add\nweight: 20\nmenu:\n  after:\n    weight: -100\n---\ntext");

        Assert.Equal(new Dictionary<string, string> { ["title"] = "Add", ["weight"] = "20" }, front);
    }

    [Fact]
    public void Front_matter_that_refers_to_itself_is_read_in_no_time()
    {
        var bomb = "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"b{i}: &b{i} [*{(i == 1 ? "a" : $"b{i - 1}")},*{(i == 1 ? "a" : $"b{i - 1}")}]\n")) + "title: Calm\n---\n";

        Assert.Equal("Calm", RunbookText.TitleOf(bomb));
    }

    [Fact]
    public void Any_text_can_be_asked_for_title_and_steps() => Gen.OneOf(
            Gen.String,
            Gen.OneOf(Pieces.Select(Gen.Const).ToArray()).Array[0, 40].Select(string.Concat))
        .Sample(
            text =>
            {
                var clean = RunbookText.Clean(text);
                Assert.DoesNotContain('\r', clean);
                Assert.True(RunbookText.StepsIn(clean) >= 0);
                Assert.NotEqual("", RunbookText.TitleOf(clean));
            },
            iter: 3_000);

    [Fact]
    public void The_beginning_ends_between_paragraphs_and_never_within_code()
    {
        const string Text = "one\n\ntwo\n\n```\ncode\n\nmore code\n```\n\nthree\n";

        Assert.Equal(Text, RunbookText.Beginning(Text, 1000));
        Assert.Equal("one\n\ntwo\n\n", RunbookText.Beginning(Text, 22));
        Assert.Equal(Text[..^6], RunbookText.Beginning(Text, Text.Length - 3));
    }

    [Fact]
    public void Hostile_headings_take_no_time()
    {
        var hostile = "# " + new string('[', 50_000) + "\n" + "# " + new string(' ', 50_000) + "#x\n" + string.Concat(Enumerable.Repeat("[](", 20_000));

        Assert.NotNull(RunbookText.TitleOf(hostile));
    }
}
