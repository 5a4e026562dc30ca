using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace PartnerPortal.Torture.Metrics;

/// <summary>Kills of portal and database while scrapes are written, sealed, merged and forgotten.</summary>
public sealed class KilledWhileKeepingTests : IDisposable
{
    private const string Partner = "tortured";

    // Rows of the log and windows of days gone by that are neither sealed nor merged.
    private const string Unfinished =
        """
        SELECT (SELECT count(*) FROM metrics.scrapes s LEFT JOIN metrics.sealed m USING (source_id) WHERE s.at > coalesce(m.sealed_to, -1) AND s.at < d.day)
            + (SELECT count(*) FROM metrics.blocks WHERE NOT merged AND from_at < d.day) + (SELECT 1 - least(count(*), 1) FROM metrics.blocks WHERE merged)
        FROM (SELECT (extract(epoch FROM date_trunc('day', portal.now() AT TIME ZONE 'UTC') - interval '1 day') * 1000)::bigint AS day) d
        """;

    private readonly DataDirectory _data = new();
    private readonly CountingService _service = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _service.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Every_committed_sample_reads_back_exactly_after_kills_at_any_moment()
    {
        var random = Seed.Next();
        var committed = new CommittedSamples(_data, random);
        for (var round = 0; round < Rounds.Count; round++)
        {
            if (round % 2 == 0)
            {
                await KillWhileSealingAsync(committed, round, random);
            }
            else
            {
                // What the round before sealed is merged and forgotten as soon as a portal starts.
                await PortalProcess.KillStartAsync(_data.Path, TimeSpan.FromMilliseconds(random.Next(1200, 4000)), Cancel, Allowed);
            }
        }

        await using var last = await StartAsync();
        await committed.SeeAsync(Cancel);
        Assert.Empty((await committed.MissingAsync(last.Http, Partner, Cancel)).Take(5));
        await FreeModulesAsync();
        // Then everything is left to seal, merge and forget in peace, and read once more.
        for (var tries = 0; await AskAsync(Unfinished) is not 0; tries++)
        {
            Assert.True(tries < 120, "What the kills left is not sealed, merged and forgotten after a minute.");
            await Task.Delay(500, Cancel);
        }

        Assert.Empty((await committed.MissingAsync(last.Http, Partner, Cancel)).Take(5));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{committed}, {Rounds.Count} kills, last start in {last.StartedIn.TotalSeconds:0.0} s; "
            + $"{await AskAsync("SELECT count(*) FROM metrics.blocks WHERE merged")} days merged, {await AskAsync("SELECT count(*) FROM metrics.blocks WHERE NOT merged")} windows to merge, "
            + $"{await AskAsync("SELECT count(*) FROM metrics.scrapes s JOIN metrics.sealed m USING (source_id) WHERE s.at > m.sealed_to")} rows of the log to seal");
    }

    private (string, string) Allowed => ("Portal__Outbound__Allowed", _service.Endpoint);

    private async Task KillWhileSealingAsync(CommittedSamples committed, int round, Random random)
    {
        await using var portal = await StartAsync();
        if (round == 0)
        {
            await PostAsync(portal, "/api/v1/partners", new { slug = Partner, name = Partner });
        }

        var source = "s" + round.ToString(CultureInfo.InvariantCulture);
        await PostAsync(portal, $"/api/v1/partners/{Partner}/metric-sources", new { name = source, url = $"http://{_service.Endpoint}/{source}", side = "partner", interval = "1s" });
        await committed.PlantAsync(source, Cancel);
        await committed.SeeAsync(Cancel);
        await Task.Delay(random.Next(500, 5500), Cancel);
        await committed.SeeAsync(Cancel);
        await FreeModulesAsync();
        await KillAsync(portal, random.Next(3));
    }

    /// <summary>The leases of modules outlive a killed portal by a minute; the next one need not wait that long here.</summary>
    private async Task FreeModulesAsync() => await AskAsync(
        "WITH free AS (UPDATE portal.leases SET until = portal.now() WHERE starts_with(name, 'module:') RETURNING 1) SELECT count(*) FROM free");

    private Task<PortalProcess> StartAsync() => PortalProcess.StartAsync(_data.Path, Cancel, Allowed);

    private async Task KillAsync(PortalProcess portal, int what)
    {
        if (what == 2)
        {
            // The database alone crashes; the portal goes on with it for a moment.
            await _data.CrashServerAsync();
            await Task.Delay(1500, Cancel);
        }

        await portal.KillAsync();
        if (what == 1)
        {
            _data.KillServer();
        }
    }

    private async Task<long?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_data.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel) as long?;
    }

    private static async Task PostAsync(PortalProcess portal, string path, object body)
    {
        using var answer = await portal.Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
