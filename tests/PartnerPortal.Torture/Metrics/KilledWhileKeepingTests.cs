using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace PartnerPortal.Torture.Metrics;

/// <summary>Kills of portal and database while scrapes are written, sealed, merged and forgotten.</summary>
public sealed class KilledWhileKeepingTests : IDisposable
{
    private const string Partner = "tortured";
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
        var slowest = TimeSpan.Zero;
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var portal = await StartAsync();
            slowest = slowest > portal.StartedIn ? slowest : portal.StartedIn;
            if (round == 0)
            {
                await PostAsync(portal, "/api/v1/partners", new { slug = Partner, name = Partner });
            }

            var source = "s" + round.ToString(CultureInfo.InvariantCulture);
            await PostAsync(portal, $"/api/v1/partners/{Partner}/metric-sources", new { name = source, url = $"http://{_service.Endpoint}/{source}", side = "partner", interval = "1s" });
            await committed.PlantAsync(source, Cancel);
            await committed.SeeAsync(Cancel);
            await Task.Delay(random.Next(0, 6500), Cancel);
            await committed.SeeAsync(Cancel);
            await KillAsync(portal, random.Next(3));
        }

        await using var last = await StartAsync();
        await committed.SeeAsync(Cancel);
        Assert.Empty((await committed.MissingAsync(last.Http, Partner, Cancel)).Take(5));
        var state = await StateAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{committed}, {Rounds.Count} kills, slowest start {slowest.TotalSeconds:0.0} s; {state}");
    }

    private Task<PortalProcess> StartAsync() => PortalProcess.StartAsync(_data.Path, Cancel, ("Portal__Outbound__Allowed", _service.Endpoint));

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

    /// <summary>How far sealing, merging and forgetting had come, so that a reader of the figures sees what was under way.</summary>
    private async Task<string?> StateAsync()
    {
        await using var connection = new NpgsqlConnection(_data.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%s blocks of windows, %s of days, %s rollups, %s partitions, oldest block %s days old',
                (SELECT count(*) FROM metrics.blocks WHERE NOT merged), (SELECT count(*) FROM metrics.blocks WHERE merged), (SELECT count(*) FROM metrics.rollups_5m),
                (SELECT count(*) FROM pg_inherits), (SELECT round((extract(epoch FROM pg_catalog.now()) - min(from_at) / 1000) / 86400) FROM metrics.blocks))
            """, connection);
        return await command.ExecuteScalarAsync(Cancel) as string;
    }

    private static async Task PostAsync(PortalProcess portal, string path, object body)
    {
        using var answer = await portal.Http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
