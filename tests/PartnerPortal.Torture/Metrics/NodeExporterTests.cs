using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PartnerPortal.Torture.Metrics;

/// <summary>A metrics service that somebody else wrote, scraped by the portal as a partner's.</summary>
public sealed class NodeExporterTests : IDisposable
{
    private readonly DataDirectory _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_real_node_exporter_is_scraped_and_charted()
    {
        var program = Programs.Find("prometheus-node-exporter");
        Assert.SkipWhen(program is null, "prometheus-node-exporter is absent: apt-get install prometheus-node-exporter");
        var port = PortalProcess.FreePort();
        var endpoint = "127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture);
        using var exporter = Process.Start(new ProcessStartInfo(program, ["--web.listen-address=" + endpoint]) { RedirectStandardError = true })!;
        exporter.ErrorDataReceived += (_, _) => { }; // read, so that a full pipe never stops it
        exporter.BeginErrorReadLine();
        try
        {
            await using var portal = await PortalProcess.StartAsync(_data.Path, Cancel, ("Portal__Outbound__Allowed", endpoint));
            await PostAsync(portal.Http, "/api/v1/partners", new { slug = "machines", name = "Machines" });
            await PostAsync(portal.Http, "/api/v1/partners/machines/metric-sources", new { name = "node", url = $"http://{endpoint}/metrics", side = "partner", interval = "1s" });

            var source = await UntilAsync(portal.Http, "/api/v1/partners/machines/metric-sources/node", s => s.GetProperty("state").GetString() == "up");
            Assert.True(source.GetProperty("samples").GetInt32() > 200, source.ToString());
            var chart = await UntilAsync(portal.Http, "/api/v1/partners/machines/metrics/range?query=node_load1&from=now-5m&to=now&points=100", HasTwoPoints);
            Assert.Equal("node", chart.GetProperty("series")[0].GetProperty("labels").GetProperty("source").GetString());

            exporter.Kill();
            var down = await UntilAsync(portal.Http, "/api/v1/partners/machines/metric-sources/node", s => s.GetProperty("state").GetString() == "down");
            Assert.NotEmpty(down.GetProperty("error").GetString()!);
        }
        finally
        {
            exporter.Kill();
        }
    }

    private static bool HasTwoPoints(JsonElement chart) => chart.GetProperty("series") is var series && series.GetArrayLength() == 1
        && series[0].GetProperty("points").EnumerateArray().Count(p => p[1].ValueKind == JsonValueKind.Number) >= 2;

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<JsonElement> UntilAsync(HttpClient http, string path, Func<JsonElement, bool> good)
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            var text = await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
            var answer = JsonDocument.Parse(text).RootElement;
            if (good(answer))
            {
                return answer;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), $"{path} still says: {text}");
            await Task.Delay(200, Cancel);
        }
    }
}
