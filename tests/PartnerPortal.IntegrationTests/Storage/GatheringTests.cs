using Npgsql;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.IntegrationTests.Storage;

/// <summary>Work that arrives while such work is being done is done together; nobody suffers for another's fault.</summary>
public sealed class GatheringTests
{
    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource _gate = new();
    private readonly List<string> _runs = [];
    private readonly Gathering<int, int> _gathering;

    public GatheringTests() => _gathering = new(most: 3, DoAsync);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_begins_at_once_and_the_others_go_together_in_their_order()
    {
        var all = await WhileOneIsDoneAsync(2, 3, 4, 5, 6);
        int[] done = [20, 30, 40, 50, 60];
        Assert.Equal(done, await Task.WhenAll(all));
        Assert.Equal("1 | 2 3 4 | 5 6", string.Join(" | ", _runs));
    }

    [Fact]
    public async Task One_that_spoils_it_fails_alone()
    {
        var all = await WhileOneIsDoneAsync(2, -3, 4);
        await Assert.ThrowsAsync<ArgumentException>(() => all[1]);
        Assert.Equal((20, 40), (await all[0], await all[2]));
    }

    [Fact]
    public async Task A_database_that_is_away_is_not_asked_once_for_each()
    {
        var all = await WhileOneIsDoneAsync(2, 0, 4);
        foreach (var one in all)
        {
            await Assert.ThrowsAsync<NpgsqlException>(() => one);
        }

        Assert.Equal("1 | 2 0 4", string.Join(" | ", _runs));
    }

    [Fact]
    public async Task Who_stops_waiting_undoes_nothing_and_what_comes_later_is_done()
    {
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var given = _gathering.DoAsync(1, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        _gate.SetResult();
        Assert.Equal(20, await _gathering.DoAsync(2, Cancel));
        Assert.Equal("1 2", string.Join(' ', _runs));
    }

    // Hands work in while a first piece is being done.
    private async Task<List<Task<int>>> WhileOneIsDoneAsync(params int[] work)
    {
        var first = _gathering.DoAsync(1, Cancel);
        await _begun.Task.WaitAsync(Cancel);
        var all = work.Select(n => _gathering.DoAsync(n, Cancel)).ToList();
        _gate.SetResult();
        Assert.Equal(10, await first);
        return all;
    }

    private async Task<IReadOnlyList<int>> DoAsync(IReadOnlyList<int> some)
    {
        _begun.TrySetResult();
        await _gate.Task;
        _runs.Add(string.Join(' ', some));
        return some.Contains(0) ? throw new NpgsqlException("away") : some.Any(n => n < 0) ? throw new ArgumentException("spoilt") : [.. some.Select(n => n * 10)];
    }
}
