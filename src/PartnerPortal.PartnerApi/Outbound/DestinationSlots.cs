namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>A few slots for each destination, so that calls to a slow partner queue behind each other and behind nobody else. A destination without calls costs no memory.</summary>
internal sealed class DestinationSlots(int perDestination)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Destinations with calls at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Waits for a slot; disposing the answer gives it back.</summary>
    public async Task<IDisposable> TakeAsync(string destination, TimeSpan longest, CancellationToken cancellation)
    {
        Line line;
        lock (_lock)
        {
            if (!_lines.TryGetValue(destination, out line!))
            {
                _lines[destination] = line = new Line(new SemaphoreSlim(perDestination));
            }

            line.Users++;
        }

        var taken = false;
        try
        {
            taken = await line.Slots.WaitAsync(longest, cancellation);
            return taken
                ? new Slot(this, destination, line)
                : throw new OutboundException(OutboundFailure.Busy,
                    $"{perDestination} calls to {destination} are still waiting for their answers; this one was given up after {Sentences.Of(longest)}.");
        }
        finally
        {
            if (!taken)
            {
                Leave(destination, line);
            }
        }
    }

    private void Leave(string destination, Line line)
    {
        lock (_lock)
        {
            if (--line.Users == 0)
            {
                _lines.Remove(destination);
                line.Slots.Dispose();
            }
        }
    }

    private sealed class Line(SemaphoreSlim slots)
    {
        public SemaphoreSlim Slots { get; } = slots;
        public int Users { get; set; }
    }

    private sealed class Slot(DestinationSlots owner, string destination, Line line) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                line.Slots.Release();
                owner.Leave(destination, line);
            }
        }
    }
}
