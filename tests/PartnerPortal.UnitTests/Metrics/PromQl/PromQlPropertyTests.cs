using CsCheck;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

public sealed class PromQlPropertyTests
{
    private static readonly Gen<string> _selector = Any("x", "x{a=\"1\"}", "{a=~\"1|2\"}", "x{a!=\"\"} offset 1m", "x @ 100.5", "x @ start() offset -2m", "sum");
    private static readonly Gen<string> _duration = Any("1m", "90s", "1h30m", "250ms", "1d");
    private static readonly Gen<string> _operator = Any(
        " + ", " - ", " * ", " / ", " % ", " ^ ", " atan2 ", " == bool ", " > ", " and ", " or on (a) ", " unless ignoring (b) ", " + on (a) group_left (b) ", " <= ");

    private static readonly Gen<string> _vector = Gen.Recursive<string>((depth, inner) => depth > 4
        ? _selector
        : Gen.Frequency(
            (3, _selector),
            (2, Gen.Select(inner, _operator, inner, (l, op, r) => $"({l}){op}{r}")),
            (1, Gen.Select(inner, Any("2", "-0.5", "1e3", "Inf", "time()"), (l, n) => $"{l} * {n} - {l}")),
            (1, inner.Select(v => $"-{v}")),
            (1, inner.Select(v => $"sum by (a, b) ({v})")),
            (1, inner.Select(v => $"topk without (c) (2, {v})")),
            (1, inner.Select(v => $"clamp_max(abs({v}), 7)")),
            (1, inner.Select(v => $"label_replace({v}, \"a\", \"$1\", \"b\", \"(.*)\")")),
            (1, Gen.Select(_duration, d => $"rate(x[{d}] offset 1m)")),
            (1, Gen.Select(inner, _duration, (v, d) => $"max_over_time(({v})[{d}:15s])"))));

    [Fact]
    public void What_is_written_reads_as_the_same_expression() => _vector.Sample(text =>
    {
        var written = Expression.Parse(text).ToString();
        Assert.Equal(written, Expression.Parse(written).ToString());
        Assert.Equal(Values(text), Values(written));
    }, iter: 800);

    [Fact]
    public void A_range_gives_at_each_step_what_that_instant_alone_gives() => _vector.Sample(text =>
    {
        // Between instants the order in which equal values come is open, so topk may choose others; start() is another one.
        if (text.Contains("topk", StringComparison.Ordinal) || text.Contains("start()", StringComparison.Ordinal))
            return;
        var expression = Expression.Parse(text);
        var steps = new Steps(60_000, 200_000, 35_000);
        var alone = Enumerable.Range(0, steps.Count).Select(i => Computed(expression, Steps.At(steps[i]))).ToList();
        var range = Computed(expression, steps);
        if (range is null)
        {
            // Series that lose their name may have the same labels at different instants: a range is refused for it, as Prometheus refuses it.
            Assert.True(alone.Contains(null) || Refusal(expression, steps).Contains("the same labelset", StringComparison.Ordinal), text);
            return;
        }
        for (var i = 0; i < steps.Count; i++)
        {
            if (alone[i] is not { } instant)
                continue;
            var expected = instant.Select(s => $"{s.Labels} {s.Values[0]:G9}").Order(StringComparer.Ordinal);
            Assert.Equal(expected, range.Where(s => !Samples.IsStale(s.Values[i])).Select(s => $"{s.Labels} {s.Values[i]:G9}").Order(StringComparer.Ordinal));
        }
    }, iter: 400);

    [Fact]
    public void No_text_breaks_the_parser() => Gen.Select(_vector, Gen.Int[0, 200], Gen.Char, (text, at, c) => at < text.Length ? text[..at] + c + text[(at + 1)..] : text[..(text.Length / 2)])
        .Sample(text =>
        {
            try
            {
                _ = Expression.Parse(text);
            }
            catch (ExpressionRefused refused)
            {
                Assert.InRange(refused.Position, 0, text.Length);
            }
        }, iter: 3000);

    private static Gen<string> Any(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static string Values(string text) => Computed(Expression.Parse(text), Steps.At(200_000)) is { } series
        ? string.Join('\n', series.Select(s => $"{s.Labels} {s.Values[0]:R}")) : "refused";

    private static IReadOnlyList<ComputedSeries>? Computed(Expression expression, Steps steps)
    {
        try
        {
            return Evaluation.Run(expression, _series, steps).Series;
        }
        catch (ExpressionRefused)
        {
            return null;
        }
    }

    private static string Refusal(Expression expression, Steps steps) => Assert.Throws<ExpressionRefused>(() => Evaluation.Run(expression, _series, steps)).Message;

    private static readonly ReadSeries[] _series =
    [
        Series(i => i * 7, ("__name__", "x"), ("a", "1"), ("b", "1")), Series(i => 50 - i % 9, ("__name__", "x"), ("a", "2"), ("b", "1")),
        Series(i => i % 4 == 3 ? Samples.Stale : i, ("__name__", "x"), ("a", "2"), ("b", "2"), ("c", "x")), Series(i => i, ("__name__", "sum")),
    ];

    private static ReadSeries Series(Func<int, double> value, params (string, string)[] labels) =>
        new(LabelSet.Of(labels), [.. Enumerable.Range(0, 40).Select(i => new Sample(i * 10_000, value(i)))]);
}
