using System.Globalization;
using System.Text.Json;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>The same samples and the same queries in a real Prometheus and in our engine: every answer must be the same.</summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const long Step = 45_000;
    private static readonly long[] Instants = [PlantedSeries.Start + 1_807_000, PlantedSeries.Start + 3_600_000];
    private static readonly Steps Range = new(PlantedSeries.Start + 800_500, PlantedSeries.Start + 4_400_500, Step);

    private readonly MemorySeries _ours = new(PlantedSeries.All);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_is_answered_as_by_Prometheus()
    {
        await using var prometheus = await RealPrometheus.StartAsync();
        await prometheus.FillAsync(PlantedSeries.All);
        List<string> differences = [];
        var agreed = 0;
        foreach (var query in QueryList.All)
        {
            foreach (var at in Instants)
            {
                Count(query, $"at {at}", await prometheus.AskAsync("query", ("query", query), ("time", Seconds(at))), await AskAsync(query, Steps.At(at), ranged: false));
            }

            var theirs = await prometheus.AskAsync("query_range", ("query", query), ("start", Seconds(Range.From)), ("end", Seconds(Range.To)), ("step", Seconds(Step)));
            Count(query, "over the range", theirs, await AskAsync(query, Range, ranged: true));
        }

        output.WriteLine($"{QueryList.All.Count} queries, {agreed} answers agreed, {differences.Count} disagreed");
        Assert.True(QueryList.All.Count >= 300, "The list of queries became short.");
        Assert.True(differences.Count == 0, string.Join('\n', differences));

        void Count(string query, string when, JsonElement theirs, AskedAnswer ours)
        {
            if (ours.DifferenceFrom(theirs, query) is { } difference)
            {
                differences.Add($"{query} {when}: {difference}");
            }
            else
            {
                agreed++;
            }
        }
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString(CultureInfo.InvariantCulture);

    private async Task<AskedAnswer> AskAsync(string query, Steps steps, bool ranged)
    {
        try
        {
            var answer = await Evaluation.RunAsync(Expression.Parse(query), _ours, steps, QueryLimits.Usual, Cancel);
            return ranged && answer.Type is ExpressionType.RangeVector or ExpressionType.Text && ranged ? AskedAnswer.Refused("type") : AskedAnswer.Of(answer, ranged);
        }
        catch (ExpressionRefused refused)
        {
            return AskedAnswer.Refused(refused.Message);
        }
    }
}
