using Npgsql;
using PartnerPortal.Data.Metrics;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Rows that came before their partition was made move into it while others read. Alone in its database: it counts locks that are waited for.</summary>
public sealed class PartitionMovingTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_reads_while_rows_move_into_their_partition_sees_them()
    {
        var at = database.Clock.GetUtcNow().AddDays(-3).ToUnixTimeMilliseconds();
        await database.AskAsync<object>($"INSERT INTO metrics.scrapes (source_id, at, fence, data) VALUES (gen_random_uuid(), {at}, 0, '') RETURNING 1");
        await using var reads = await database.Get<NpgsqlDataSource>().OpenConnectionAsync(Cancel);
        await using var held = await reads.BeginTransactionAsync(Cancel);
        await using (var look = new NpgsqlCommand("SELECT count(*) FROM metrics.scrapes_rest", reads, held))
        {
            Assert.Equal(1L, await look.ExecuteScalarAsync(Cancel));
        }

        // The move waits for that reader, and a second reader comes meanwhile.
        var moved = database.Get<PartitionStore>().PrepareAsync(database.Clock.GetUtcNow(), Cancel);
        await WaitedForAsync(1);
        var seen = database.AskAsync<long>($"SELECT count(*) FROM metrics.scrapes WHERE at = {at}");
        await WaitedForAsync(2);
        await held.CommitAsync(Cancel);

        Assert.Equal(1, await seen);
        Assert.True(await moved > 0);
        Assert.Equal(0, await database.AskAsync<long>("SELECT count(*) FROM metrics.scrapes_rest"));
    }

    private async Task WaitedForAsync(int sessions)
    {
        for (var tries = 0; await database.AskAsync<long>("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") < sessions; tries++)
        {
            Assert.True(tries < 100, $"{sessions} sessions should wait for a lock.");
            await Task.Delay(20, Cancel);
        }
    }
}
