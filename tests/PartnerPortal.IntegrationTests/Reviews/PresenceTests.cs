using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Storage;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed class PresenceTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly PortalApp _first = new(database);
    private readonly PortalApp _second = new(database);
    private readonly Guid _review = Guid.NewGuid();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        // Both portals are started by asking for their services.
        Assert.NotSame(Of(_first), Of(_second));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task Two_portals_on_one_database_see_each_others_people_come_move_and_go()
    {
        using var ana = new Watcher(Of(_first), _review, "Ana");
        await ana.HearsAsync();
        using var li = new Watcher(Of(_second), _review, "Li");

        // The greeting of the second is answered at once, so nobody waits for a round of five seconds.
        await li.UntilAsync(others => others is [{ Name: "Ana", Item: null }]);
        await ana.UntilAsync(others => others is [{ Name: "Li" }]);
        li.Seat.MoveTo("our-peak");
        await ana.UntilAsync(others => others is [{ Item: "our-peak" }]);
        li.Dispose();
        await ana.UntilAsync(others => others.Count == 0);
    }

    [Fact]
    public async Task Another_review_and_ones_own_second_page_are_not_shown()
    {
        var me = Guid.NewGuid();
        using var here = new Watcher(Of(_first), _review, "Me", me);
        using var again = new Watcher(Of(_second), _review, "Me", me);
        using var elsewhere = new Watcher(Of(_second), Guid.NewGuid(), "Elsewhere");
        using var other = new Watcher(Of(_second), _review, "Other");

        await here.UntilAsync(others => others is [{ Name: "Other" }]);
        await other.UntilAsync(others => others.Count == 2 && others.All(o => o.Name == "Me"));
    }

    [Fact]
    public async Task Noise_on_the_channel_does_no_harm_and_memory_stays_bounded()
    {
        using var ana = new Watcher(Of(_first), _review, "Ana");
        await ana.HearsAsync();
        await database.RunAsync($"SELECT pg_notify('{PresenceFeed.Channel}', p) FROM unnest(ARRAY['', 'no json', '{{}}', 'null', '[1]', '{{\"what\":\"here\"}}']) AS p");
        await database.RunAsync(
            $$"""
            SELECT pg_notify('{{PresenceFeed.Channel}}', json_build_object('what', 'here', 'person',
              json_build_object('subject', $1::uuid, 'seat', gen_random_uuid(), 'personId', gen_random_uuid(), 'name', 'flood', 'item', null))::text)
            FROM generate_series(1, {{PresenceFeed.Most + 500}})
            """,
            _review);

        await ana.UntilAsync(others => others.Count > PresenceFeed.Most - 100);
        Assert.InRange(ana.Seat.Others.Count, 1, PresenceFeed.Most);
    }

    [Fact]
    public async Task A_connection_that_is_cut_only_pauses_it()
    {
        using var ana = new Watcher(Of(_first), _review, "Ana");
        await ana.HearsAsync();
        await database.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN portal_presence%'");
        using var li = new Watcher(Of(_second), _review, "Li");

        await ana.UntilAsync(others => others is [{ Name: "Li" }]);
        await li.UntilAsync(others => others is [{ Name: "Ana" }]);
    }

    private static PresenceFeed Of(PortalApp app) => app.Services.GetRequiredService<PresenceFeed>();

    private sealed class Watcher : IDisposable
    {
        private readonly SemaphoreSlim _changed = new(0);

        public Watcher(PresenceFeed feed, Guid review, string name, Guid? person = null) =>
            Seat = feed.Enter(new(review, Guid.NewGuid(), person ?? Guid.NewGuid(), name, null, null), () => _changed.Release());

        public PresenceSeat Seat { get; }

        /// <summary>Waits until its own greeting came back: from then on it hears.</summary>
        public async Task HearsAsync() => Assert.True(await _changed.WaitAsync(TimeSpan.FromSeconds(40), Cancel), "Nothing was heard.");

        public async Task UntilAsync(Func<IReadOnlyList<PresentPerson>, bool> holds)
        {
            while (!holds(Seat.Others))
            {
                await HearsAsync();
            }
        }

        public void Dispose() => Seat.Dispose();
    }
}
