using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using PartnerPortal.Domain.Access;
using PartnerPortal.IntegrationTests.Metrics.PromQl;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A whole portal whose samples a real VictoriaMetrics keeps, on the real clock.</summary>
public sealed class ForwardingPortalTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_go_on_from_memory_while_the_engine_is_down_and_it_gets_everything_afterwards()
    {
        await using var engine = await RealEngine.StartAsync("victoria-metrics");
        await using var service = await ScriptedMetrics.OpenAsync();
        await database.UseRealTimeAsync();
        await using var app = new PortalApp(database, movableClock: false, new Dictionary<string, string>
        {
            ["Portal:Outbound:Allowed"] = service.Url.Authority,
            ["Portal:Metrics:Engine"] = "prometheus",
            ["Portal:Metrics:Prometheus:QueryUrl"] = engine.Http.BaseAddress!.ToString(),
            ["Portal:Metrics:Prometheus:WriteUrl"] = engine.Http.BaseAddress + "api/v1/write",
        });
        _http = await app.SignedInAsync(Role.Administrator);
        await _http.PostAsJsonAsync("/api/v1/partners", new { name = "Forwarded", slug = "forwarded" }, Cancel);
        service.Page = "queue_depth 3\n";
        await _http.PostAsJsonAsync("/api/v1/partners/forwarded/metric-sources", new { name = "shop", url = service.Url, side = "partner", interval = "1s" }, Cancel);
        await _http.PutAsJsonAsync("/api/v1/partners/forwarded/rules/queue-grows", new { expression = "queue_depth > 10", severity = "critical" }, Cancel);
        await UntilAsync("/api/v1/metrics/engine", s => s.GetProperty("forwarding").GetProperty("samples").GetInt64() > 0);
        await UntilAsync("/api/v1/partners/forwarded/rules/queue-grows", r => r.GetProperty("state").GetString() == "inactive");

        await engine.StopAsync();
        await UntilAsync("/api/v1/metrics/engine", s => s.GetProperty("forwarding").GetProperty("trouble").ValueKind == JsonValueKind.String);
        service.Page = "queue_depth 50\n";
        await UntilAsync("/api/v1/alerts?partner=forwarded&state=firing", a => a.GetProperty("items").GetArrayLength() == 1);
        var down = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        // What is older than memory and log stands only in the engine: a chart shows the rest and says so.
        await using (var letGo = database.Get<NpgsqlDataSource>().CreateCommand("INSERT INTO metrics.sealed SELECT id, (extract(epoch FROM portal.now()) * 1000)::bigint - 60000 FROM metrics.sources ON CONFLICT (source_id) DO UPDATE SET sealed_to = excluded.sealed_to"))
        {
            await letGo.ExecuteNonQueryAsync(Cancel);
        }

        var chart = await _http.GetFromJsonAsync<JsonElement>("/api/v1/partners/forwarded/metrics/range?query=queue_depth&from=now-1h", Cancel);
        Assert.EndsWith("Shown is what the portal itself holds.", chart.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(1, chart.GetProperty("series").GetArrayLength());

        await engine.StartAgainAsync();
        await UntilAsync("/api/v1/metrics/engine", s => s.GetProperty("forwarding") is var to && to.GetProperty("trouble").ValueKind == JsonValueKind.Null && to.GetProperty("refused").GetInt64() == 0);
        var there = await UntilAsync(
            engine.Http, $"api/v1/query?query=queue_depth[10m]&time={down / 1000m}",
            a => a.GetProperty("data").GetProperty("result") is var result && result.GetArrayLength() == 1 && Values(result).Contains("50"));
        Assert.Equal("forwarded", there.GetProperty("data").GetProperty("result")[0].GetProperty("metric").GetProperty("partner").GetString());
        var values = Values(there.GetProperty("data").GetProperty("result"));
        Assert.Equal([.. values.TakeWhile(v => v == "3"), .. values.SkipWhile(v => v == "3")], values);
        Assert.All(values.SkipWhile(v => v == "3"), v => Assert.Equal("50", v));
    }

    private static List<string> Values(JsonElement result) => [.. result[0].GetProperty("values").EnumerateArray().Select(v => v[1].GetString()!)];

    private Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> so) => UntilAsync(_http, path, so);

    private static async Task<JsonElement> UntilAsync(HttpClient http, string path, Func<JsonElement, bool> so)
    {
        var last = "";
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(200, Cancel))
        {
            last = await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
            var answer = JsonDocument.Parse(last).RootElement;
            if (so(answer))
            {
                return answer;
            }
        }

        Assert.Fail($"{path} did not become what was awaited: {last}");
        return default;
    }
}
