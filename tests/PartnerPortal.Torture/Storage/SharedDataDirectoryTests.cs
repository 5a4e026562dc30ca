using System.Net;
using System.Net.Http.Json;

namespace PartnerPortal.Torture.Storage;

public sealed class SharedDataDirectoryTests : IDisposable
{
    private static readonly Uri Partners = new("/api/v1/partners", UriKind.Relative);
    private readonly DataDirectory _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Two_portals_of_one_directory_see_the_same_and_the_second_outlives_the_first()
    {
        var both = await Task.WhenAll(PortalProcess.StartAsync(_data.Path, Cancel), PortalProcess.StartAsync(_data.Path, Cancel));
        await using var first = both[0];
        await using var second = both[1];
        using (var created = await first.Http.PostAsJsonAsync(Partners, new { name = "Tunes Ltd" }, Cancel))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        Assert.Equal(0, await first.StopAsync());
        using (var seen = await second.Http.GetAsync(new Uri("/api/v1/partners/tunes-ltd", UriKind.Relative), Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        }

        Assert.Equal(0, await second.StopAsync());
        Assert.False(_data.ServerRuns);
    }

    [Fact]
    public async Task A_server_left_behind_by_a_killed_portal_is_taken_over_and_stopped_at_the_end()
    {
        await using (var killed = await PortalProcess.StartAsync(_data.Path, Cancel))
        {
            await killed.KillAsync();
        }

        Assert.True(_data.ServerRuns);
        await using var next = await PortalProcess.StartAsync(_data.Path, Cancel);
        Assert.Equal(0, await next.StopAsync());
        Assert.False(_data.ServerRuns);
    }
}
