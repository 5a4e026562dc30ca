using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PartnerPortal.Torture.Incidents;

/// <summary>An Alertmanager that somebody else wrote speaks to the portal as its own webhook, as PagerDuty, as Opsgenie and as Slack.</summary>
public sealed class AlertmanagerTests : IDisposable
{
    private static readonly string[] _kinds = ["alertmanager", "pagerduty", "opsgenie", "slack"];
    private readonly DataDirectory _data = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-alertmanager-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose()
    {
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Firing_repeat_and_resolved_of_a_real_Alertmanager_are_one_incident_a_source()
    {
        var program = Programs.Find("prometheus-alertmanager");
        Assert.SkipWhen(program is null, "prometheus-alertmanager is absent: apt-get install prometheus-alertmanager");
        await using var portal = await PortalProcess.StartAsync(_data.Path, Cancel);
        await PostAsync(portal.Http, "/api/v1/partners", new { slug = "tunes", name = "Tunes", stage = "live" });
        List<JsonElement> sources = [];
        foreach (var kind in _kinds)
        {
            sources.Add(await PostAsync(portal.Http, "/api/v1/alert-sources", new { kind, partner = "tunes" }));
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "alertmanager.yml"), ConfigurationOf(sources), Cancel);
        var address = "127.0.0.1:" + PortalProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        using var alertmanager = Process.Start(new ProcessStartInfo(
            program, ["--config.file=" + Path.Combine(_folder, "alertmanager.yml"), "--storage.path=" + Path.Combine(_folder, "data"), "--web.listen-address=" + address, "--cluster.listen-address="])
        {
            RedirectStandardError = true,
        })!;
        alertmanager.ErrorDataReceived += (_, _) => { }; // read, so that a full pipe never stops it
        alertmanager.BeginErrorReadLine();
        try
        {
#pragma warning disable RS0030 // The test speaks to the Alertmanager it started, on loopback.
            using var sender = new HttpClient { BaseAddress = new Uri($"http://{address}/") };
#pragma warning restore RS0030
            var began = Now.AddMinutes(-3);
            await FireAsync(sender, began, null);
            var open = await UntilAsync(portal.Http, "/api/v1/incidents?partner=tunes&state=open", list => list.GetArrayLength() == _kinds.Length);
            Assert.Equal(1, open.EnumerateArray().Count(i => (i.GetProperty("startedAt").GetDateTimeOffset() - began).Duration() < TimeSpan.FromSeconds(1)));

            // Each receiver says it again after two seconds; nothing new comes of it.
            await UntilSentAsync(sender, 2);
            await FireAsync(sender, began, Now.AddSeconds(-1));
            await UntilAsync(portal.Http, "/api/v1/incidents?partner=tunes&state=resolved", list => list.GetArrayLength() == _kinds.Length);
            var alerts = await portal.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/alerts?partner=tunes", UriKind.Relative), Cancel);
            Assert.Equal(Enumerable.Repeat("resolved", _kinds.Length), alerts.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("state").GetString()));
            Assert.DoesNotContain((await MetricsAsync(sender)).Split('\n'), l => l.StartsWith("alertmanager_notifications_failed_total{", StringComparison.Ordinal) && !l.EndsWith(" 0", StringComparison.Ordinal));
        }
        finally
        {
            alertmanager.Kill();
            await alertmanager.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string ConfigurationOf(List<JsonElement> sources)
    {
        string Url(int n) => sources[n].GetProperty("url").GetString()!;
        return $$"""
            route:
              receiver: portal
              group_by: [alertname]
              group_wait: 0s
              group_interval: 1s
              repeat_interval: 2s
            receivers:
              - name: portal
                webhook_configs:
                  - url: {{Url(0)}}
                    send_resolved: true
                pagerduty_configs:
                  - url: {{Url(1)}}
                    routing_key: {{sources[1].GetProperty("routingKey").GetString()}}
                opsgenie_configs:
                  - api_url: {{Url(2)}}/
                    api_key: {{sources[2].GetProperty("token").GetString()}}
                slack_configs:
                  - api_url: {{Url(3)}}
                    channel: "#alerts"
                    send_resolved: true
            """;
    }

    private static async Task FireAsync(HttpClient alertmanager, DateTimeOffset began, DateTimeOffset? ended)
    {
        object[] alerts = [new { labels = new { alertname = "PartnerMetricsDown", severity = "critical" }, annotations = new { summary = "No answer" }, startsAt = began, endsAt = ended ?? Now.AddHours(1) }];
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                (await alertmanager.PostAsJsonAsync(new Uri("api/v2/alerts", UriKind.Relative), alerts, Cancel)).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (patience.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(100, Cancel);
            }
        }
    }

    private static async Task UntilSentAsync(HttpClient alertmanager, int times)
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            var sent = (await MetricsAsync(alertmanager)).Split('\n').Where(l => l.StartsWith("alertmanager_notifications_total{", StringComparison.Ordinal))
                .Count(l => int.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture) >= times);
            if (sent == _kinds.Length)
            {
                return;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), await MetricsAsync(alertmanager));
            await Task.Delay(200, Cancel);
        }
    }

    private static Task<string> MetricsAsync(HttpClient alertmanager) => alertmanager.GetStringAsync(new Uri("metrics", UriKind.Relative), Cancel);

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancel));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private static async Task<JsonElement> UntilAsync(HttpClient http, string path, Func<JsonElement, bool> good)
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            var answer = (await http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), Cancel)).GetProperty("items");
            if (good(answer))
            {
                return answer;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(40), $"{path} still says: {answer}");
            await Task.Delay(200, Cancel);
        }
    }
}
