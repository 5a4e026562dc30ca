using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace PartnerPortal.Torture.Metrics;

/// <summary>Portal and engine are killed in turn while samples are forwarded to a real VictoriaMetrics.</summary>
public sealed class KilledWhileForwardingTests : IDisposable
{
    private const string Partner = "forwarded";

    private readonly DataDirectory _data = new();
    private readonly CountingService _service = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-victoria-").FullName;
    private readonly string _address = "127.0.0.1:" + PortalProcess.FreePort().ToString(CultureInfo.InvariantCulture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _service.Dispose();
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_committed_scrape_reaches_the_engine_once_in_spite_of_kills_on_either_side()
    {
        var program = Programs.Find("victoria-metrics");
        Assert.SkipWhen(program is null, "victoria-metrics is absent: apt-get install victoria-metrics");
        var random = Seed.Next();
        var engine = Start(program);
        try
        {
            for (var round = 0; round < Rounds.Count; round++)
            {
                await using var portal = await StartAsync();
                if (round == 0)
                {
                    await portal.Http.PostAsJsonAsync(new Uri("/api/v1/partners", UriKind.Relative), new { slug = Partner, name = Partner }, Cancel);
                    await portal.Http.PostAsJsonAsync(
                        new Uri($"/api/v1/partners/{Partner}/metric-sources", UriKind.Relative), new { name = "shop", url = $"http://{_service.Endpoint}/", side = "partner", interval = "1s" }, Cancel);
                }

                await Task.Delay(random.Next(1000, 4000), Cancel);
                if (round % 2 == 1)
                {
                    // The engine loses what it holds in memory when it is killed, so it stops in good order: that is its promise, not ours.
                    await Programs.RunAsync("kill", "-TERM", engine.Id.ToString(CultureInfo.InvariantCulture));
                    await engine.WaitForExitAsync(Cancel);
                    await Task.Delay(random.Next(500, 2500), Cancel);
                    engine.Dispose();
                    engine = Start(program);
                }

                await portal.KillAsync();
                // The leases of modules outlive a killed portal by half a minute; the next one need not wait that long here.
                await AskAsync("UPDATE portal.leases SET until = portal.now() WHERE starts_with(name, 'module:') RETURNING fence");
            }

            await using (var last = await StartAsync())
            {
                // What stands in the log from before the last kills is there, and what came since.
                var committed = await AskAsync("SELECT at FROM metrics.scrapes ORDER BY at");
                var there = await UntilAsync(last.Http, $"up{{partner=\"{Partner}\"}}", committed);
                Assert.Equal(committed, there.Intersect(committed).Order());
                Assert.Equal(there.Count, there.Distinct().Count());
                TestContext.Current.TestOutputHelper?.WriteLine($"{committed.Count} scrapes, {Rounds.Count} kills; refused: {string.Join(',', await AskAsync("SELECT refused FROM metrics.forwarded"))}");
            }
        }
        finally
        {
            engine.Kill();
            await engine.WaitForExitAsync(CancellationToken.None);
            engine.Dispose();
        }
    }

    private Task<PortalProcess> StartAsync() => PortalProcess.StartAsync(
        _data.Path, Cancel, ("Portal__Outbound__Allowed", _service.Endpoint), ("Portal__Metrics__Engine", "prometheus"),
        ("Portal__Metrics__Prometheus__QueryUrl", $"http://{_address}"), ("Portal__Metrics__Prometheus__WriteUrl", $"http://{_address}/api/v1/write"));

    private Process Start(string program)
    {
        var engine = Process.Start(new ProcessStartInfo(
            program, ["-storageDataPath=" + Path.Combine(_folder, "data"), "-httpListenAddr=" + _address, "-search.latencyOffset=0s", "-search.disableCache", "-loggerLevel=ERROR"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        engine.BeginErrorReadLine();
        engine.BeginOutputReadLine();
        return engine;
    }

    /// <summary>The instants of a series at the engine, as soon as it has those that are awaited.</summary>
    private async Task<List<long>> UntilAsync(HttpClient http, string selector, List<long> awaited)
    {
        List<long> there = [];
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60) && awaited.Except(there).Any(); await Task.Delay(300, Cancel))
        {
            var answer = await http.GetFromJsonAsync<JsonElement>($"http://{_address}/api/v1/query?query={Uri.EscapeDataString(selector + "[1h]")}", Cancel);
            there = [.. answer.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(r => r.GetProperty("values").EnumerateArray()).Select(v => (long)Math.Round(v[0].GetDouble() * 1000))];
        }

        return there;
    }

    private async Task<List<long>> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_data.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        List<long> found = [];
        while (await reader.ReadAsync(Cancel))
        {
            found.Add(reader.GetInt64(0));
        }

        return found;
    }
}
