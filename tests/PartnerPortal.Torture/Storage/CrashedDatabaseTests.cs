namespace PartnerPortal.Torture.Storage;

public sealed class CrashedDatabaseTests : IDisposable
{
    private readonly DataDirectory _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_portal_recovers_alone_from_crashes_of_its_database_and_loses_nothing()
    {
        var random = Seed.Next();
        var writer = new PartnerWriter(writers: 4);
        await using var portal = await PortalProcess.StartAsync(_data.Path, Cancel);
        using var stop = new CancellationTokenSource();
        var writing = writer.WriteAsync(portal.Http, stop.Token);
        for (var crash = 0; crash < 3; crash++)
        {
            await writer.UntilPromisedAsync(writer.Promised.Count + 5, Cancel);
            await Task.Delay(random.Next(20, 800), Cancel);
            await _data.CrashServerAsync();
        }

        await writer.UntilPromisedAsync(writer.Promised.Count + 5, Cancel);
        await stop.CancelAsync();
        await writing;
        Assert.Empty(await writer.MissingAsync(portal.Http, Cancel));
    }
}
