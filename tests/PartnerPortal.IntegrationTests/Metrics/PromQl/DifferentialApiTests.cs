using System.Globalization;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>The way through our HTTP API and PostgreSQL compared with a real Prometheus: the same text, byte for byte, and the same errors.</summary>
public sealed class DifferentialApiTests(PrometheusPortal portal, ITestOutputHelper output) : IClassFixture<PrometheusPortal>
{
    private static readonly string[] Queries =
    [
        "g", "c_total{job=\"a\"}", "one", "stale", "gone", "late", "jitter", "odd", "h_bucket", "left", "sparse", "nothing", "1", "1.5e300", "-0.00000012", "'text'",
        "rate(c_total[5m])", "increase(c_total[10m])", "irate(jitter[1m])", "delta(g[2m])", "changes(stale[10m])", "resets(c_total[1h])", "max_over_time(g[10m])", "min_over_time(odd[5m])",
        "count_over_time(stale[5m])", "last_over_time(gone[20m])", "quantile_over_time(0.5, g[5m])", "sum(c_total)", "sum by (job) (rate(c_total[1m]))", "max(g)", "count by (__name__) ({__name__=~\"g|one|left\"})",
        "topk(2, c_total)", "bottomk(1, left)", "count_values(\"v\", right)", "quantile(0.5, c_total)", "left + on (a) group_left () right", "left * on (a) group_left (version) info", "g > 0", "c_total > bool 100",
        "right or left", "left and on (a) right", "left unless on (a) right", "histogram_quantile(0.9, rate(h_bucket[5m]))", "label_replace(g, \"x\", \"$1\", \"inst\", \"(.)\")", "absent(nothing{a=\"b\"})",
        "g offset 5m", "max_over_time(rate(c_total[1m])[10m:1m])", "time()", "timestamp(late)", "clamp(g, -1, 1)", "sort_desc(left)", "g[1m]", "stale[20m]",
        "left + on (a) right", "left + on (a, b) left", "label_replace(g, \"a-b\", \"\", \"job\", \"\")", "holt_winters(g[5m], 2, 0.5)", "topk(NaN, g)", "{__name__=~\"left|right\",a=\"1\"} + 1",
    ];

    [Fact]
    public async Task Answers_are_the_same_text()
    {
        await using var prometheus = await RealPrometheus.StartAsync();
        await prometheus.FillAsync(portal.Series);
        using var ours = portal.With();
        List<string> differences = [];
        foreach (var query in Queries)
        {
            await CompareAsync("query", query, ("time", Seconds(2_407_250)));
            await CompareAsync("query_range", query, ("start", Seconds(900_000)), ("end", Seconds(4_500_000)), ("step", "37.5"));
        }

        await CompareAsync("query", "gone", ("time", Seconds(2_407_250)), ("lookback_delta", "1h"));
        await CompareAsync("query_range", "g", ("start", Seconds(900_000)), ("end", Seconds(4_500_000)), ("step", "37.5"), ("lookback_delta", "1s"));
        output.WriteLine($"{Queries.Length * 2 + 2} answers, {differences.Count} of them differ");
        Assert.True(differences.Count == 0, string.Join('\n', differences));

        async Task CompareAsync(string path, string query, params (string, string)[] form)
        {
            var theirs = await prometheus.AskAsync(path, [("query", query), .. form]);
            var mine = await RealPrometheus.AskAsync(ours, "/prometheus/api/v1/" + path, [("query", query), .. form]);
            // Prometheus escapes this sign, which JSON leaves to the writer.
            if (theirs.ToString().Replace("\\u003c", "<", StringComparison.Ordinal) == mine.ToString())
            {
                return;
            }

            // It walks a map here, so its own order changes from one asking to the next.
            var anyOrder = query.StartsWith("histogram_quantile", StringComparison.Ordinal);
            var difference = AskedAnswer.Of(mine).DifferenceFrom(theirs, query);
            if (!anyOrder || difference is not null)
            {
                differences.Add($"{path} {query}: {difference ?? "the text"}\n  theirs {Short(theirs.ToString())}\n  ours   {Short(mine.ToString())}");
            }
        }
    }

    private string Seconds(long after) => ((portal.Start + after) / 1000m).ToString(CultureInfo.InvariantCulture);

    private static string Short(string text) => text.Length < 400 ? text : text[..400] + "…";
}
