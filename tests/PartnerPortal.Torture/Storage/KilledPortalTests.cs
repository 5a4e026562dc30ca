namespace PartnerPortal.Torture.Storage;

public sealed class KilledPortalTests : IDisposable
{
    private const int Rounds = 4;
    private readonly DataDirectory _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Every_partner_answered_with_created_outlives_kills_of_the_portal() =>
        await KillAgainAndAgainAsync(withServer: false);

    [Fact]
    public async Task Every_partner_answered_with_created_outlives_kills_of_portal_and_database() =>
        await KillAgainAndAgainAsync(withServer: true);

    private async Task KillAgainAndAgainAsync(bool withServer)
    {
        var random = Seed.Next();
        var writer = new PartnerWriter(writers: 4);
        for (var round = 0; round < Rounds; round++)
        {
            var before = writer.Promised.Count;
            await using var portal = await PortalProcess.StartAsync(_data.Path, Cancel);
            using var stop = new CancellationTokenSource();
            var writing = writer.WriteAsync(portal.Http, stop.Token);
            await writer.UntilPromisedAsync(before + 1, Cancel);
            await Task.Delay(random.Next(20, 1200), Cancel);
            await portal.KillAsync();
            if (withServer)
            {
                _data.KillServer();
            }

            await stop.CancelAsync();
            await writing;
        }

        await using var last = await PortalProcess.StartAsync(_data.Path, Cancel);
        Assert.Empty(await writer.MissingAsync(last.Http, Cancel));
        TestContext.Current.TestOutputHelper?.WriteLine($"{writer.Promised.Count} partners, {Rounds} kills, last start in {last.StartedIn.TotalSeconds:0.0} s");
    }
}
