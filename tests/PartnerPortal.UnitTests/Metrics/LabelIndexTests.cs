using CsCheck;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class LabelIndexTests
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Values = ["", "x", "y", "xy", "z.z"];
    private static readonly string[] Patterns = ["", "x", "x|y", "x.*", ".+", ".*", "z\\.z", "(x|)"];

    [Fact]
    public void Any_combination_of_conditions_finds_what_looking_at_every_series_finds()
    {
        var set = Gen.Select(Of(Values), Of(Values), Of(Values), (a, b, c) => LabelSet.Of(("a", a), ("b", b), ("c", c)));
        var matcher = Gen.Select(Of(Names), Gen.Enum<MatchKind>(), Of(Patterns), (name, kind, value) => new LabelMatcher(name, kind, value));
        Gen.Select(set.Array[0, 30], matcher.Array[0, 4]).Sample((sets, matchers) =>
        {
            var index = new LabelIndex();
            foreach (var one in sets)
                index.Add(one);
            var expected = Enumerable.Range(0, sets.Length).Where(i => matchers.All(m => m.Matches(sets[i])));
            Assert.Equal(expected, index.Find(matchers));
        });
    }

    private static Gen<string> Of(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
