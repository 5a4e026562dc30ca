namespace PartnerPortal.Torture.Storage;

public sealed class FailedStartTests : IDisposable
{
    private readonly DataDirectory _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_start_that_cannot_work_ends_with_one_sentence_that_names_the_setting()
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PortalProcess.StartAsync(_data.Path, Cancel, ("Portal__Postgres__Binaries", Path.GetTempPath())));
        Assert.Contains("portal: Portal__Postgres__Binaries", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_to_end_in_the_middle_of_a_start_leaves_no_server_behind()
    {
        var random = Seed.Next();
        for (var round = 0; round < 4; round++)
        {
            await PortalProcess.InterruptStartAsync(_data.Path, TimeSpan.FromMilliseconds(random.Next(100, 2500)), Cancel);
            Assert.False(_data.ServerRuns);
        }

        await using var portal = await PortalProcess.StartAsync(_data.Path, Cancel);
        Assert.Equal(0, await portal.StopAsync());
    }
}
