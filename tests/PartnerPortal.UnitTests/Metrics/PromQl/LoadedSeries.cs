using System.Globalization;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.UnitTests.Metrics.PromQl;

/// <summary>
/// Series written as in Prometheus's own tests: <c>load 30s</c>, then lines of a series and its values: <c>x{a="1"} 0+10x100 _ stale 5</c>.
/// <c>0+10x3</c> is 0 10 20 30, <c>7x3</c> is 7 four times, <c>_</c> is no sample, <c>_x3</c> three of them, <c>stale</c> an end marker.
/// </summary>
internal sealed class LoadedSeries
{
    private readonly List<ReadSeries> _series = [];

    public LoadedSeries(string load)
    {
        var lines = load.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.True(PromDuration.TryRead(lines[0]["load ".Length..], out var interval));
        foreach (var line in lines[1..])
        {
            var end = line.IndexOf('}', StringComparison.Ordinal) is > 0 and var brace ? brace + 1 : line.IndexOf(' ', StringComparison.Ordinal);
            var selector = Expression.Parse(line[..end]).Selectors().Single().Selector;
            _series.Add(new ReadSeries(LabelSet.Of(selector.Matchers.Select(m => new Label(m.Name, m.Value))), Samples(line[end..], (long)interval.TotalMilliseconds)));
        }
    }

    public QueryAnswer At(string query, string at = "0s") => Evaluation.Run(Expression.Parse(query), _series, Steps.At(Milliseconds(at)));

    public QueryAnswer Over(string query, string from, string to, string step) =>
        Evaluation.Run(Expression.Parse(query), _series, new Steps(Milliseconds(from), Milliseconds(to), Milliseconds(step)));

    /// <summary>An instant's series as <c>labels value</c>, sorted unless the order matters.</summary>
    public string Shown(string query, string at = "0s", bool ordered = false)
    {
        var answer = At(query, at);
        var shown = answer.Series.Select(s => $"{s.Labels} {Number(s.Values[0])}");
        return string.Join("; ", ordered ? shown : shown.Order(StringComparer.Ordinal));
    }

    public static string Number(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Inf" : "-Inf" : Math.Round(value, 9).ToString("0.#########", CultureInfo.InvariantCulture);

    private static long Milliseconds(string text) => text == "0s" ? 0 : PromDuration.TryRead(text, out var duration) ? (long)duration.TotalMilliseconds : throw new ArgumentException(text);

    private static Sample[] Samples(string values, long interval)
    {
        var samples = new List<Sample>();
        var time = 0L;
        foreach (var word in values.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var value in Values(word))
            {
                if (value is { } number)
                {
                    samples.Add(new Sample(time, number));
                }

                time += interval;
            }
        }

        return [.. samples];
    }

    private static IEnumerable<double?> Values(string word)
    {
        if (word == "stale")
        {
            return [TimeSeries.Samples.Stale];
        }

        var times = word.IndexOf('x', StringComparison.Ordinal);
        var (body, more) = times < 0 ? (word, 0) : (word[..times], int.Parse(word[(times + 1)..], CultureInfo.InvariantCulture));
        if (body == "_")
        {
            return Enumerable.Repeat<double?>(null, Math.Max(1, more));
        }

        var sign = body.LastIndexOfAny(['+', '-']);
        var (first, step) = times >= 0 && sign > 0 ? (body[..sign], Read(body[sign..])) : (body, 0);
        return Enumerable.Range(0, more + 1).Select(i => (double?)(Read(first) + (i == 0 ? 0 : step * i)));
    }

    private static double Read(string text) => text switch
    {
        "NaN" => double.NaN,
        "Inf" or "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
