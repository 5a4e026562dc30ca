using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.RemoteWrite;

namespace PartnerPortal.Torture.Metrics;

/// <summary>A real Prometheus sends its samples to the portal, which is killed meanwhile.</summary>
public sealed class RemoteWriteTests : IDisposable
{
    private readonly DataDirectory _data = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-prometheus-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_real_prometheus_writes_and_a_killed_portal_has_lost_nothing_that_it_acknowledged()
    {
        var program = Programs.Find("prometheus");
        Assert.SkipWhen(program is null, "prometheus is absent: apt-get install prometheus");
        var address = $"http://127.0.0.1:{PortalProcess.FreePort()}";
        using var prometheus = Start(program, address);
        try
        {
            List<long> acknowledged = [];
            await using (var portal = await PortalProcess.StartAsync(_data.Path, Cancel, ("ASPNETCORE_URLS", address)))
            {
                Assert.NotEmpty(await UntilAsync(portal.Http, "up{job=\"itself\"}", 1));
                for (var n = 0; n < 20; n++)
                {
                    acknowledged.Add(await PushAsync(portal.Http, n));
                }

                await portal.KillAsync();
            }

            var killedAt = TimeProvider.System.GetUtcNow();
            await using var again = await PortalProcess.StartAsync(_data.Path, Cancel, ("ASPNETCORE_URLS", address));
            Assert.Equal(acknowledged, (await UntilAsync(again.Http, "counted_total[10m]", 20)).Select(v => v.Time));

            // Prometheus sends what it could not while the portal was away, so its seconds have no gap around the kill.
            var back = TimeProvider.System.GetUtcNow();
            var seconds = await UntilAsync(again.Http, "up{job=\"itself\"}[10m]", 1, v => v[^1].Time > back.ToUnixTimeMilliseconds());
            Assert.Contains(seconds, s => s.Time > killedAt.ToUnixTimeMilliseconds() && s.Time < back.ToUnixTimeMilliseconds());
            Assert.All(seconds.Zip(seconds.Skip(1)), pair => Assert.InRange(pair.Second.Time - pair.First.Time, 1, 2500));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Without_its_database_the_portal_asks_the_sender_to_come_again_and_what_it_took_before_is_there_after_the_crash()
    {
        List<long> acknowledged = [];
        long refused;
        await using (var portal = await PortalProcess.StartAsync(_data.Path, Cancel))
        {
            acknowledged.Add(await PushAsync(portal.Http, 1));
            await _data.CrashServerAsync();
            for (var patience = Stopwatch.StartNew(); ;)
            {
                var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                using var answer = await SendAsync(portal.Http, time, 2);
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    Assert.NotNull(answer.Headers.RetryAfter);
                    refused = time;
                    break;
                }

                // The server may take a moment to go.
                Assert.True(answer.StatusCode == HttpStatusCode.NoContent && patience.Elapsed < TimeSpan.FromSeconds(10), $"{answer} {await answer.Content.ReadAsStringAsync(Cancel)}");
                acknowledged.Add(time);
                await Task.Delay(5, Cancel);
            }

            await portal.KillAsync();
        }

        await using var again = await PortalProcess.StartAsync(_data.Path, Cancel);
        // What was refused may be there as well: the server can go between commit and answer, and sending it again changes nothing.
        Assert.Equal(acknowledged, (await UntilAsync(again.Http, "counted_total[10m]", acknowledged.Count)).Select(v => v.Time).Where(t => t != refused));
    }

    private Process Start(string program, string portal)
    {
        var own = $"127.0.0.1:{PortalProcess.FreePort()}";
        var config = Path.Combine(_folder, "prometheus.yml");
        File.WriteAllText(config,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - { job_name: itself, static_configs: [ { targets: ["{{own}}"] } ] }
            remote_write:
              - url: {{portal}}/prometheus/api/v1/write
                authorization: { credentials: {{PortalProcess.Token}} }
                queue_config: { batch_send_deadline: 500ms, min_backoff: 100ms, max_backoff: 500ms }
            """);
        var process = Process.Start(new ProcessStartInfo(program,
            ["--config.file=" + config, "--storage.tsdb.path=" + Path.Combine(_folder, "data"), "--web.listen-address=" + own, "--log.level=error"])
        { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { }; // read, so that a full pipe never stops it
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<long> PushAsync(HttpClient http, int n)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var answer = await SendAsync(http, time, n);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await Task.Delay(2, Cancel);
        return time;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, long time, int n)
    {
        using var body = new ByteArrayContent(new WriteRequest([new(LabelSet.Of(("__name__", "counted_total")), [new Sample(time, n)])], []).Write());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        body.Headers.ContentEncoding.Add("snappy");
        return await http.PostAsync(new Uri("/prometheus/api/v1/write", UriKind.Relative), body, Cancel);
    }

    /// <summary>Asks until the first series has so many values.</summary>
    private static async Task<IReadOnlyList<(long Time, string Value)>> UntilAsync(HttpClient http, string query, int most, Func<IReadOnlyList<(long Time, string Value)>, bool>? good = null)
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            var text = await http.GetStringAsync(new Uri("/prometheus/api/v1/query?query=" + Uri.EscapeDataString(query), UriKind.Relative), Cancel);
            using var answer = JsonDocument.Parse(text);
            var result = answer.RootElement.GetProperty("data").GetProperty("result");
            var values = result.GetArrayLength() == 0 ? [] : result[0].TryGetProperty("values", out var many) ? many.EnumerateArray().ToList() : [result[0].GetProperty("value")];
            var read = values.ConvertAll(v => ((long)Math.Round(v[0].GetDouble() * 1000), v[1].GetString()!));
            if (read.Count >= most && (good is null || good(read)))
            {
                return read;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), $"{query} stays at {text}");
            await Task.Delay(100, Cancel);
        }
    }
}
