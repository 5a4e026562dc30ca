using System.Collections.Concurrent;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// Rows whose work fails whenever it is tried: they are left alone for a minute at a time, so that what cannot be done stops nothing else. In memory, since
/// another portal, or a newer one, may well do it.
/// </summary>
internal sealed class LeftAlone
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _until = [];

    /// <summary>Does work on several rows at once, and one by one when that fails for another reason than an absent database.</summary>
    /// <param name="most">At most so many rows.</param>
    /// <param name="moment">Says what time it is.</param>
    /// <param name="next">Which rows would be next, without those that are left alone.</param>
    /// <param name="work">Does those that are free of some rows, or of all rows; says how many.</param>
    /// <exception cref="InvalidOperationException">Some failed and are left alone from now on; around what the first failed with. All others are done.</exception>
    public async Task<int> DoAsync(int most, Func<DateTimeOffset> moment, Func<Guid[], Task<IReadOnlyList<Guid>>> next, Func<Batch, Task<int>> work)
    {
        var alone = At(moment());
        try
        {
            return await work(new(most, [], alone));
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseAway.Is(e))
        {
            Exception? first = null;
            var done = 0;
            foreach (var row in await next(alone))
            {
                try
                {
                    done += await work(new(1, [row], alone));
                }
                catch (Exception own) when (own is not OperationCanceledException && !DatabaseAway.Is(own))
                {
                    _until[row] = moment() + Length;
                    first ??= own;
                }
            }

            return first is null ? done : throw new InvalidOperationException($"What cannot be done is left alone for a minute: {first.Message}", first);
        }
    }

    private Guid[] At(DateTimeOffset now)
    {
        foreach (var over in _until.Where(u => u.Value <= now))
        {
            _until.TryRemove(over);
        }

        return [.. _until.Keys];
    }
}

/// <summary>Which rows are worked on at once.</summary>
/// <param name="Most">At most so many.</param>
/// <param name="Only">These and no others; empty for any.</param>
/// <param name="Not">None of these.</param>
internal sealed record Batch(int Most, Guid[] Only, Guid[] Not);
