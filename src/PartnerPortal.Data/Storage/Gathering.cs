namespace PartnerPortal.Data.Storage;

/// <summary>
/// Work of one kind that arrives while such work is being done is done together next: many in one transaction instead of one after the other.
/// Nothing waits for company: what finds nobody at work begins at once.
/// </summary>
/// <param name="most">At most so many together.</param>
/// <param name="together">Does several, and answers each in its place; all or none.</param>
internal sealed class Gathering<TWork, TDone>(int most, Func<IReadOnlyList<TWork>, Task<IReadOnlyList<TDone>>> together)
{
    private readonly Queue<Waiting> _queue = new();
    private bool _busy;

    /// <summary>Does a piece of work with whatever else waits. Who stops waiting for it does not undo it.</summary>
    /// <exception cref="Exception">What it failed with when it was done alone, or what kept the database away from all of them.</exception>
    public Task<TDone> DoAsync(TWork work, CancellationToken cancel)
    {
        var waiting = new Waiting(work);
        lock (_queue)
        {
            _queue.Enqueue(waiting);
            if (!_busy)
            {
                _busy = true;
                _ = Task.Run(WorkAsync, CancellationToken.None);
            }
        }

        return waiting.Done.Task.WaitAsync(cancel);
    }

    private async Task WorkAsync()
    {
        while (Next() is { Count: > 0 } some)
        {
            await DoTogetherAsync(some);
        }
    }

    private List<Waiting> Next()
    {
        lock (_queue)
        {
            List<Waiting> some = [];
            while (some.Count < most && _queue.TryDequeue(out var waiting))
            {
                some.Add(waiting);
            }

            _busy = some.Count > 0;
            return some;
        }
    }

    private async Task DoTogetherAsync(List<Waiting> some)
    {
        try
        {
            var done = await together([.. some.Select(w => w.Work)]);
            for (var n = 0; n < some.Count; n++)
            {
                some[n].Done.SetResult(done[n]);
            }
        }
        catch (Exception e) when (some.Count > 1 && !DatabaseAway.Is(e))
        {
            // One of them spoils it: the others must not suffer for it.
            foreach (var one in some)
            {
                await DoTogetherAsync([one]);
            }
        }
        catch (Exception e)
        {
            some.ForEach(w => w.Done.SetException(e));
        }
    }

    private sealed class Waiting(TWork work)
    {
        public TWork Work => work;

        // Whoever waits goes on elsewhere: the next ones are not kept by it.
        public TaskCompletionSource<TDone> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
