using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using PartnerPortal.Benchmarks.Running;
using PartnerPortal.Data.Storage;
using PartnerPortal.TestKit;

namespace PartnerPortal.Benchmarks.Incidents;

/// <summary>A storm of alerts, all of one problem and each of its own, while somebody takes an incident every second.</summary>
internal static class AlertBenchmark
{
    private const string Json = "application/json";
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    public static Command Make()
    {
        var alerts = new Option<int>("--alerts") { Description = "How many alerts are posted.", DefaultValueFactory = _ => 10_000 };
        var seconds = new Option<int>("--seconds") { Description = "Within how many seconds.", DefaultValueFactory = _ => 60 };
        var command = new Command("alerts", "10,000 alerts in 60 s, of one problem and of 10,000, while an incident is acknowledged every second. Starts a portal of its own. Fails when an alert is lost, taking an incident takes longer than 1 s at the 95th percentile, or somebody is paged twice within a minute.") { alerts, seconds };
        command.SetAction((parsed, cancel) => Benchmark.GuardAsync(() => RunAsync(parsed.GetValue(alerts), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(int alerts, TimeSpan length, CancellationToken cancel)
    {
        Machine.Describe();
        // Not a private folder: PostgreSQL may run as another user.
        var scratch = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "bench-alerts-" + Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            await using var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataDirectory = scratch, BundledRoot = Environment.GetEnvironmentVariable("Portal__Postgres__Bundled") }, cancel);
            await using var mail = FakeMailServer.Open();
            await using var portal = await PortalProcess.StartAsync(
                server.ConnectionString, Path.Combine(scratch, "data"), "", cancel, ("Portal__Mail__Host", "127.0.0.1"), ("Portal__Mail__Port", mail.Port.ToString(CultureInfo.InvariantCulture)),
                ("Portal__Mail__Security", "none"), ("Portal__Mail__From", "Portal <portal@example.com>"));
            var kept = await StormAsync("one key", 1, portal.Client, server.ConnectionString, mail, alerts, length, cancel)
                & await StormAsync("a key each", alerts, portal.Client, server.ConnectionString, mail, alerts, length, cancel);
            Machine.DescribeLoad("at the end");
            return Goals.Write() && kept ? Benchmark.Good : Benchmark.TooSlow;
        }
        catch (PostgresUnavailableException unavailable)
        {
            throw new CannotRun(unavailable.Message);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<bool> StormAsync(string name, int keys, PortalClient portal, string database, FakeMailServer mail, int alerts, TimeSpan length, CancellationToken cancel)
    {
        var (source, token, partner) = await PrepareAsync(portal, $"storm{keys}", cancel);
        mail.Mails.Clear();
        var storm = new AlertStorm(new Uri(portal.Address, $"/api/v1/intake/alertmanager/{token}"), alerts, keys, length);
        var clock = Stopwatch.StartNew();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var taking = TakeAsync(portal, partner, mail, over.Token);
        await storm.RunAsync(cancel);
        await over.CancelAsync();
        var taken = await taking;
        var settled = await UntilSettledAsync(database, clock, cancel);

        var accepted = storm.Answered(HttpStatusCode.OK);
        var stored = keys == 1 ? await AskAsync(database, "SELECT count(*) FROM incidents.deliveries WHERE source_id = $1::uuid AND outcome = 'accepted'", cancel, source) : await CountAsync(portal, partner, cancel);
        var pages = mail.Mails.Where(m => m.Header("Importance") is not null).ToList();
        var incidents = await AskAsync(database, "SELECT count(*) FROM incidents.incidents i JOIN partners.partners p ON p.id = i.partner_id WHERE p.slug = $1", cancel, partner);
        var busiest = pages.GroupBy(p => p.To).Select(p => p.Max(first => p.Count(other => other.At >= first.At && other.At < first.At + _minute))).DefaultIfEmpty(0).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{name}: {alerts} alerts over {keys} keys in {storm.Took.TotalSeconds:0.0} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accepted {accepted}, {accepted / storm.Took.TotalSeconds:0} a second; 429 {storm.Answered(HttpStatusCode.TooManyRequests)}; other answers {storm.Others}; stored {stored}; all at their incidents {settled.TotalSeconds:0.0} s after the first"));
        storm.Answers.Write("answer", Percentile99(storm.Answers));
        storm.SincePlanned.Write("answer since its planned moment", Percentile99(storm.SincePlanned));
        taken.Write("taking an incident");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pages.Count} pages about {incidents} incidents"));
        return Goals.Keep($"{name}: accepted alerts that are not stored", 0, Math.Abs(accepted - stored), "")
            & Goals.Keep($"{name}: posting all of them", length.TotalSeconds * 1.05, storm.Took.TotalSeconds, "s")
            & Goals.Keep($"{name}: taking an incident, p95", 1000, taken.Percentile(0.95), "ms")
            & Goals.Keep($"{name}: pages to one person within a minute", 1, busiest, "");
    }

    private static string Percentile99(Latencies latencies) => string.Create(CultureInfo.InvariantCulture, $"p99 {latencies.Percentile(0.99):0.0} ms");

    private static async Task<(string Source, string Token, string Partner)> PrepareAsync(PortalClient portal, string partner, CancellationToken cancel)
    {
        await portal.PutAsync("/api/v1/escalation-policies/storm", """{"steps":[{"delay":"0s","targets":[{"person":"ana@example.com"}]},{"delay":"5m","targets":[{"person":"bo@example.com"}]}]}""", cancel);
        await portal.PostAsync("/api/v1/partners", JsonSerializer.Serialize(new { slug = partner, name = partner, stage = "live" }), Json, cancel);
        await portal.PatchAsync($"/api/v1/partners/{partner}/integrations/main", """{"escalationPolicy":"storm"}""", cancel);
        var made = await portal.PostAsync("/api/v1/alert-sources", JsonSerializer.Serialize(new { kind = "alertmanager", partner }), Json, cancel);
        return (made.GetProperty("id").GetString()!, made.GetProperty("token").GetString()!, partner);
    }

    // Once somebody was paged one a second, the newest of those that nobody has; of one problem the same one again.
    private static async Task<Latencies> TakeAsync(PortalClient portal, string partner, FakeMailServer mail, CancellationToken stop)
    {
        var latencies = new Latencies();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (mail.Mails.IsEmpty)
                {
                    continue;
                }

                var items = (await portal.GetJsonAsync($"/api/v1/incidents?partner={partner}&state=open&limit=1", stop)).GetProperty("items");
                items = items.GetArrayLength() > 0 ? items : (await portal.GetJsonAsync($"/api/v1/incidents?partner={partner}&limit=1", stop)).GetProperty("items");
                if (items.GetArrayLength() > 0)
                {
                    var id = items[0].GetProperty("id").GetString();
                    await latencies.MeasureAsync(() => portal.PostAsync($"/api/v1/incidents/{id}/acknowledge", "{}", Json, CancellationToken.None));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }

        return latencies;
    }

    private static async Task<TimeSpan> UntilSettledAsync(string database, Stopwatch clock, CancellationToken cancel)
    {
        while (await AskAsync(database, "SELECT count(*) FROM incidents.alerts WHERE NOT settled", cancel) > 0)
        {
            await Task.Delay(100, cancel);
        }

        return clock.Elapsed;
    }

    private static async Task<long> CountAsync(PortalClient portal, string partner, CancellationToken cancel)
    {
        var (count, cursor) = (0L, "");
        do
        {
            var page = await portal.GetJsonAsync($"/api/v1/alerts?partner={partner}&limit=200{cursor}", cancel);
            count += page.GetProperty("items").GetArrayLength();
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : null;
        }
        while (cursor is not null);
        return count;
    }

    private static async Task<long> AskAsync(string database, string sql, CancellationToken cancel, params string[] values)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
