using System.Text.Json;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Partners;

/// <summary>Reading the list of partners: first pages under several filters, and on from page to page.</summary>
internal static class ListBenchmark
{
    private const int Rounds = 20;
    private const int Pages = 50;

    private static readonly string[] Filters =
    [
        "", "q=harbour", "q=04711", "q=zzyzx", "stage=live", "tier=strategic", "tag=region-7", "owner=ana%40example.com", "q=music&stage=live&tier=standard", "limit=200",
    ];

    public static async Task<int> RunAsync(PortalClient portal, CancellationToken cancel)
    {
        await Filling.PartnersAsync(portal, cancel);
        var whole = new Latencies();
        foreach (var filter in Filters)
        {
            await PageAsync(portal, filter, cancel);
            var one = new Latencies();
            var rows = 0;
            for (var round = 0; round < Rounds; round++)
            {
                rows = Rows(await one.MeasureAsync(() => PageAsync(portal, filter, cancel)));
            }

            one.Write($"list {filter}".TrimEnd(), $"{rows} rows");
            whole.Add(one);
        }

        whole.Add(await WalkAsync(portal, cancel));
        whole.Write("list, all");
        return Benchmark.Good;
    }

    // The last page must not cost more than the first.
    private static async Task<Latencies> WalkAsync(PortalClient portal, CancellationToken cancel)
    {
        var walk = new Latencies();
        string? cursor = null;
        var rows = 0;
        for (var page = 0; page < Pages && (page == 0 || cursor is not null); page++)
        {
            var query = cursor is null ? "limit=200" : $"limit=200&cursor={Uri.EscapeDataString(cursor)}";
            var answer = await walk.MeasureAsync(() => PageAsync(portal, query, cancel));
            cursor = answer.GetProperty("next").GetString();
            rows += Rows(answer);
        }

        walk.Write("list from page to page, limit=200", $"{rows} rows in all");
        return walk;
    }

    private static Task<JsonElement> PageAsync(PortalClient portal, string query, CancellationToken cancel) =>
        portal.GetJsonAsync($"/api/v1/partners?{query}", cancel);

    private static int Rows(JsonElement answer) => answer.GetProperty("items").GetArrayLength();
}
