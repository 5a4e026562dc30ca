using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.UnitTests.Reviews;

public class ItemConditionTests
{
    private static readonly Dictionary<string, SaidAnswer> Said = new()
    {
        ["sandbox"] = new(AnswerState.Passed, null),
        ["fax"] = new(AnswerState.Failed, null),
        ["paper"] = new(AnswerState.NotApplicable, null),
        ["old"] = new(AnswerState.Stale, null),
        ["ways"] = new(AnswerState.Passed, "Retry\nQueue and wait"),
        ["kind"] = new(AnswerState.Warning, "webhooks"),
        ["peak"] = new(AnswerState.Passed, "120.0"),
    };

    [Theory]
    [InlineData("sandbox", true)]
    [InlineData("fax", false)]
    [InlineData("old", false)]
    [InlineData("nobody-asked", false)]
    [InlineData("fax is failed", true)]
    [InlineData("paper is not applicable", true)]
    [InlineData("nobody-asked is not answered", true)]
    [InlineData("sandbox is \"passed\"", true)]
    [InlineData("ways has \"retry\"", true)]
    [InlineData("ways has \"queue and wait\"", true)]
    [InlineData("ways has queue", false)]
    [InlineData("nobody-asked has \"retry\"", false)]
    [InlineData("kind = \"Webhooks\"", true)]
    [InlineData("kind != polling", true)]
    [InlineData("nobody-asked != polling", true)]
    [InlineData("nobody-asked = \"\"", false)]
    [InlineData("peak >= 120", true)]
    [InlineData("peak ≥ 120.5", false)]
    [InlineData("peak > 119", true)]
    [InlineData("peak <= 120", true)]
    [InlineData("peak ≤ 119", false)]
    [InlineData("peak<1000", true)]
    [InlineData("peak = 120", true)]
    [InlineData("peak ≠ 120", false)]
    [InlineData("kind > 3", false)]
    public void A_test_of_one_answer_holds_or_not(string text, bool holds) => Assert.Equal(holds, Holds(text));

    [Theory]
    [InlineData("not fax and sandbox", true)]
    [InlineData("not (fax or sandbox)", false)]
    [InlineData("not not sandbox", true)]
    [InlineData("sandbox or fax and fax", true)]
    [InlineData("(sandbox or fax) and fax", false)]
    [InlineData("not sandbox is failed", true)]
    [InlineData("SANDBOX-IS-NOT-A-KEY", null)]
    [InlineData("fax OR sandbox", true)]
    public void And_binds_tighter_than_or_and_not_tightest(string text, bool? holds)
    {
        if (holds is { } expected)
        {
            Assert.Equal(expected, Holds(text));
        }
        else
        {
            Assert.Throws<RuleBroken>(() => ItemCondition.Parse(text));
        }
    }

    [Theory]
    [InlineData("", "it ends where the key of an item is expected")]
    [InlineData("sandbox and", "it ends where the key of an item is expected")]
    [InlineData("sandbox fax", "“fax” stands where “and”, “or” or the end is expected")]
    [InlineData("(sandbox", "a closing parenthesis is missing")]
    [InlineData("kind = \"web", "a quotation mark is missing")]
    [InlineData("peak >=", "it ends where a value is expected")]
    [InlineData("\"sandbox\"", "“sandbox” stands where the key of an item is expected")]
    [InlineData("sandbox is splendid", "after “is” stands one of")]
    [InlineData("a ! b", "“!” stands where")]
    public void What_cannot_be_read_is_refused_with_the_place(string text, string why) =>
        Assert.Contains(why, Assert.Throws<RuleBroken>(() => ItemCondition.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_condition_too_long_to_read_is_refused_before_it_is_read() =>
        Assert.Contains("Shorten it", Assert.Throws<RuleBroken>(() => ItemCondition.Parse(new string('(', 1_000_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void It_names_the_items_that_it_asks_about() =>
        Assert.Equal(["fax", "peak", "sandbox"], ItemCondition.Parse("sandbox and (fax is failed or peak > 3)").Mentions.Order());

    [Fact]
    public void Any_text_is_read_or_refused_with_a_sentence() => Gen.String[Gen.Char["ab()\"=!<>≥ andornotishs0-"], 0, 60].Sample(text =>
    {
        try
        {
            ItemCondition.Parse(text).Holds(_ => null);
        }
        catch (RuleBroken broken)
        {
            Assert.NotEmpty(broken.Message);
        }
    });

    [Fact]
    public void Not_turns_every_condition_around() => Gen.Bool.Array[3].Select(Gen.Int[0, 3]).Sample((said, shape) =>
    {
        string[] shapes = ["a and b or c", "a or b and c", "(a or b) and c", "not a and not (b or c)"];
        SaidAnswer? Answer(string key) => new(said[key[0] - 'a'] ? AnswerState.Passed : AnswerState.Failed, null);
        return ItemCondition.Parse(shapes[shape]).Holds(Answer) != ItemCondition.Parse($"not ({shapes[shape]})").Holds(Answer);
    });

    private static bool Holds(string text) => ItemCondition.Parse(text).Holds(key => Said.GetValueOrDefault(key));
}
