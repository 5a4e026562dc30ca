namespace PartnerPortal.SamplePartner;

/// <summary>What the shop counts about itself.</summary>
internal sealed class TunesMetrics
{
    private readonly TimeProvider _clock;
    private readonly Counter _requests = new("tunes_requests", "Calls received, by operation and status code.");
    private readonly Counter _purchases = new("tunes_purchases", "Purchases by result.");
    private readonly Histogram _durations = new("tunes_request_duration_seconds", "Time to answer a call, by operation.");
    private int _connections;

    public TunesMetrics(TimeProvider clock, Catalogue catalogue, Webhooks webhooks)
    {
        _clock = clock;
        var startedAt = clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        Families =
        [
            _requests,
            _purchases,
            _durations,
            new Gauge("tunes_queue_depth", "Work waiting, by queue.", () => [("queue=\"fulfilment\"", FulfilmentQueue), ("queue=\"webhooks\"", webhooks.Depth)]),
            new Gauge("tunes_catalogue_tracks", "Tracks on sale.", () => [("", catalogue.Size)]),
            new Gauge("tunes_connections", "Open connections of clients.", () => [("", SimulatedConnections + Volatile.Read(ref _connections))]),
            new Gauge("process_start_time_seconds", "Start of the process in unix time.", () => [("", startedAt)], "seconds"),
            new Info("tunes_build", "What is running.", "version=\"4.12.0\",revision=\"8c1f0e2\""),
        ];
    }

    public IReadOnlyList<MetricFamily> Families { get; }

    /// <summary>Set by the shoppers: purchases paid but not yet delivered to the library of the buyer.</summary>
    public double FulfilmentQueue { get; set; }

    /// <summary>Set by the shoppers: calls per second times seconds per call.</summary>
    public double SimulatedConnections { get; set; }

    public void Received(string operation, int code, double seconds, bool replayed = false, string? traceId = null)
    {
        _requests.Add($"operation=\"{operation}\",code=\"{code}\"");
        var exemplar = traceId is null ? null : $"{{trace_id=\"{traceId}\"}}";
        _durations.Observe($"operation=\"{operation}\"", seconds, exemplar);
        var result = (operation, code) switch
        {
            ("createPurchase", 201) when !replayed => "completed",
            ("createPurchase", 402) => "declined",
            ("createPurchase", >= 500) => "error",
            _ => null,
        };
        if (result is not null)
        {
            _purchases.Add($"result=\"{result}\"");
        }
    }

    public IDisposable Connected()
    {
        Interlocked.Increment(ref _connections);
        return new Connection(this);
    }

    private sealed class Connection(TunesMetrics metrics) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref metrics._connections);
    }
}

/// <summary>What a client of the shop counts about its own calls: the other half of the truth.</summary>
internal sealed class OurSideMetrics
{
    private readonly Counter _attempts = new("music_purchase_attempts", "Purchases that we attempted, by what came of it.");
    private readonly Counter _calls = new("music_requests", "Calls that we sent to the music shop, by operation and result.");
    private readonly Histogram _durations = new("music_request_duration_seconds", "Time until we had the answer or gave up, by operation.");

    public OurSideMetrics() => Families = [_attempts, _calls, _durations];

    public IReadOnlyList<MetricFamily> Families { get; }

    /// <summary>A call that we sent; <paramref name="result"/> is ok, declined, error, timeout or unreachable.</summary>
    public void Sent(string operation, string result, double seconds)
    {
        _calls.Add($"operation=\"{operation}\",result=\"{result}\"");
        _durations.Observe($"operation=\"{operation}\"", seconds);
        if (operation == "createPurchase")
        {
            _attempts.Add($"result=\"{(result == "ok" ? "completed" : result)}\"");
        }
    }
}
