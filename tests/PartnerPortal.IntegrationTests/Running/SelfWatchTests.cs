using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Storage;
using PartnerPortal.Engine.Running;
using PartnerPortal.IntegrationTests.Incidents;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Running;

/// <summary>The portal notices when it does not page. Alone in its database: it counts everything that is late.</summary>
public sealed class SelfWatchTests(TestDatabase database) : IncidentScene(database), IClassFixture<TestDatabase>, IDisposable
{
    private readonly SelfWatch _watch = new();

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task What_is_late_is_said_until_it_is_done_and_the_heartbeat_beats_only_while_nothing_is()
    {
        await using var outside = await OutsideListener.OpenAsync();
        using var http = new GuardedHttpClient(AllowedList.Parse("127.0.0.1/32"));
        var module = new SelfWatchModule(Database.Get<PagingWatchStore>(), _watch, new(outside.Url), http, Database.Clock, NullLogger<SelfWatchModule>.Instance);
        await module.RunAsync(Cancel);
        Assert.Equal((0, DateTimeOffset.MinValue), (outside.Asked, _watch.Current.At));
        await Database.Clock.MoveAsync(TimeSpan.FromSeconds(30));
        await module.RunAsync(Cancel);
        Assert.Empty(_watch.Current.Problems);
        Assert.Equal(1, outside.Asked);

        var shop = await LivePartnerAsync();
        await RaiseAsync(shop, "a", shop.Slug);
        await Database.Clock.MoveAsync(TimeSpan.FromSeconds(40));
        await module.RunAsync(Cancel);
        Assert.Equal(["1 alert waits for an incident, the oldest for 40 s."], _watch.Current.Problems);

        await SettleAsync();
        await Database.Clock.MoveAsync(TimeSpan.FromSeconds(20));
        await module.RunAsync(Cancel);
        Assert.Equal(["1 escalation step is late, by up to 20 s."], _watch.Current.Problems);

        await GoOnAsync();
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
        await Database.Get<LeaseStore>().RecordRunAsync(SelfWatchModule.Paging[0], TimeSpan.Zero, null, Cancel);
        await module.RunAsync(Cancel);
        Assert.Equal(["1 message waits to be sent, the oldest for 5 min."], _watch.Current.Problems);

        await Database.RunAsync("UPDATE escalation.notifications SET state = 'sent'");
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(3));
        await module.RunAsync(Cancel);
        Assert.Equal(["Nothing was done for two minutes by: open incidents."], _watch.Current.Problems);
        Assert.Equal(1, outside.Asked);

        await Database.Get<LeaseStore>().RecordRunAsync(SelfWatchModule.Paging[0], TimeSpan.Zero, null, Cancel);
        await module.RunAsync(Cancel);
        Assert.Empty(_watch.Current.Problems);
        Assert.Equal(2, outside.Asked);
        Assert.Equal(["The clocks of this portal and its database are 5 s apart."], _watch.Saw(_watch.Current.Standing!, _watch.Current.Standing!.Now.AddSeconds(5)).Problems);
        Assert.StartsWith("The database does not answer", _watch.SawNothing(Database.Clock.GetUtcNow()).Problems.Single(), StringComparison.Ordinal);
    }

    /// <summary>Somebody outside who counts how often they are asked for.</summary>
    private sealed class OutsideListener : IAsyncDisposable
    {
        private readonly WebApplication _app = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]).Build();
        private int _asked;

        public int Asked => _asked;

        public Uri Url => new(_app.Urls.Single() + "/beat");

        public static async Task<OutsideListener> OpenAsync()
        {
            var listener = new OutsideListener();
            listener._app.MapGet("/beat", () => Interlocked.Increment(ref listener._asked));
            await listener._app.StartAsync(Cancel);
            return listener;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}

/// <summary>The watch knows modules by their names.</summary>
public sealed class WatchedModulesTests(SharedPortal portal) : IClassFixture<SharedPortal>
{
    [Fact]
    public void The_modules_that_page_are_called_as_the_watch_calls_them()
    {
        Assert.Empty(SelfWatchModule.Paging.Except(portal.App.Services.GetServices<IEngineModule>().Select(m => m.Name)));
        Assert.Throws<FormatException>(() => OutsideHeartbeat.Read("ftp://example.com"));
    }
}
