using System.Globalization;
using System.Text;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>What a made-up series does.</summary>
internal enum Behaviour
{
    Bucket,
    Sum,
    Count,
    Counter,
    Hundredths,
    Constant,
    Steps,
    Thousandths,
    Ratio,
}

/// <summary>
/// A made-up metrics service of 500 series, always the same for a seed: 16 histograms of 15 buckets, counters, gauges, names and
/// labels as .NET services have them; 7 % of its values are doubles of full precision. 149 bytes of text a sample.
/// </summary>
internal sealed class SyntheticTarget
{
    private const int Histograms = 16;
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, double.PositiveInfinity];
    private static readonly string[] Routes = ["/api/orders", "/api/orders/{id}", "/api/catalog/items", "/api/catalog/items/{sku}", "/api/quotes", "/api/shipments/{id}/status", "/api/invoices", "/webhooks/partner"];
    private static readonly string[] Counters = ["partner_messages_processed_total", "partner_messages_failed_total", "dotnet_gc_collections_total", "http_client_requests_total", "partner_bytes_received_total", "process_cpu_seconds_total"];

    private static readonly string[] Gauges =
    [
        "process_resident_memory_bytes", "dotnet_process_memory_working_set_bytes", "dotnet_gc_last_collection_heap_size_bytes", "process_open_fds",
        "dotnet_thread_pool_thread_count", "partner_queue_depth", "partner_build_info", "partner_config_limit", "process_cpu_utilization_ratio",
        "db_client_connections_usage", "partner_last_success_age_seconds", "cache_hit_ratio",
    ];

    private readonly Random _random;
    private readonly List<Line> _lines = [];
    private readonly List<(int First, double Rate, double Median)> _histograms = [];

    public SyntheticTarget(int seed)
    {
        _random = new Random(seed * 7919 + 17);
        AddHistograms(seed);
        AddCounters(seed);
        AddGauges(seed);
        Values = [.. _lines.Select(l => l.Start)];
        Step(600);
    }

    /// <summary>The values now, in the order of the page.</summary>
    public double[] Values { get; }

    public int Count => _lines.Count;

    public Behaviour BehaviourOf(int series) => _lines[series].Behaviour;

    /// <summary>The series as it is spelled on the page.</summary>
    public string Series(int series) => _lines[series].Series;

    /// <summary>Lets time pass.</summary>
    public void Step(double seconds)
    {
        foreach (var (first, rate, median) in _histograms)
            Observe(first, Arrivals(rate * seconds, 2), median);
        for (var i = Histograms * (Bounds.Length + 2); i < _lines.Count; i++)
        {
            var (rate, value) = (_lines[i].Rate, Values[i]);
            Values[i] = _lines[i].Behaviour switch
            {
                Behaviour.Counter => value + Arrivals(rate * seconds, 1),
                Behaviour.Hundredths => Math.Round(value + rate * seconds * (0.5 + _random.NextDouble()), 2),
                Behaviour.Steps => _random.NextDouble() < 0.6 ? Math.Max(0, value + Math.Round((_random.NextDouble() - 0.5) * 2 * rate)) : value,
                Behaviour.Thousandths => Math.Round(_random.NextDouble() * 30, 3),
                Behaviour.Ratio => Math.Clamp(value + (_random.NextDouble() - 0.5) * 0.02, 0, 1),
                _ => value,
            };
        }
    }

    /// <summary>Adds the page as the service would answer it.</summary>
    public void Write(StringBuilder page)
    {
        for (var i = 0; i < _lines.Count; i++)
            page.Append(_lines[i].Before).Append(_lines[i].Series).Append(' ').Append(Values[i].ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private void AddHistograms(int seed)
    {
        const string name = "http_server_request_duration_seconds";
        for (var h = 0; h < Histograms; h++)
        {
            _histograms.Add((_lines.Count, Math.Exp(_random.NextDouble() * 7.5 - 4), Math.Exp(_random.NextDouble() * 3 - 5.3)));
            var labels = string.Create(CultureInfo.InvariantCulture, $"http_request_method=\"{(h % 3 == 0 ? "POST" : "GET")}\",http_response_status_code=\"{(h % 5 == 4 ? 500 : 200)}\",http_route=\"{Routes[h % Routes.Length]}\",network_protocol_version=\"1.1\",partner=\"p{seed:0000}\",shard=\"{h / Routes.Length}\"");
            foreach (var bound in Bounds)
                Add(h == 0 && bound == Bounds[0] ? Described(name, "histogram") : "", $"{name}_bucket{{{labels},le=\"{(double.IsInfinity(bound) ? "+Inf" : bound.ToString(CultureInfo.InvariantCulture))}\"}}", Behaviour.Bucket, 0, 0);
            Add("", $"{name}_sum{{{labels}}}", Behaviour.Sum, 0, 0);
            Add("", $"{name}_count{{{labels}}}", Behaviour.Count, 0, 0);
        }
    }

    private void AddCounters(int seed)
    {
        var count = (int)((500 - _lines.Count) * 0.57);
        var per = count / Counters.Length;
        for (var c = 0; c < count; c++)
        {
            var family = Math.Min(c / per, Counters.Length - 1);
            var hundredths = family == 5;
            var rate = hundredths ? 0.2 * _random.NextDouble() : Math.Exp(_random.NextDouble() * 9 - 6) * (family == 4 ? 900 : 1);
            var series = string.Create(CultureInfo.InvariantCulture, $"{Counters[family]}{{partner=\"p{seed:0000}\",operation=\"op_{c - family * per:00}\",status=\"{(c % 4 == 0 ? "error" : "ok")}\"}}");
            Add(c == family * per ? Described(Counters[family], "counter") : "", series, hundredths ? Behaviour.Hundredths : Behaviour.Counter, hundredths ? 0 : _random.Next(0, 200_000), !hundredths && c % 7 == 3 ? 0 : rate);
        }
    }

    private void AddGauges(int seed)
    {
        var per = (500 - _lines.Count) / Gauges.Length;
        for (var g = 0; _lines.Count < 500; g++)
        {
            var family = Math.Min(g / per, Gauges.Length - 1);
            var behaviour = family switch { 6 or 7 => Behaviour.Constant, 8 or 11 => Behaviour.Ratio, 10 => Behaviour.Thousandths, _ => g % 3 == 2 ? Behaviour.Constant : Behaviour.Steps };
            var start = behaviour switch
            {
                Behaviour.Constant => 1 + 10 * (g % 9),
                _ when family < 3 => 4096.0 * _random.Next(20_000, 90_000),
                Behaviour.Ratio => _random.NextDouble(),
                _ => _random.Next(5, 120),
            };
            var series = string.Create(CultureInfo.InvariantCulture, $"{Gauges[family]}{{partner=\"p{seed:0000}\",instance_group=\"g{g - family * per:00}\"}}");
            Add(g == family * per ? Described(Gauges[family], "gauge") : "", series, behaviour, start, family < 3 ? 4096 * 40 : 2);
        }
    }

    private void Add(string before, string series, Behaviour behaviour, double start, double rate) => _lines.Add(new(before, series, behaviour, start, rate));

    private static string Described(string name, string type) => $"# HELP {name} What {name.Replace('_', ' ')} says.\n# TYPE {name} {type}\n";

    private int Arrivals(double expected, double spread)
    {
        var count = (int)expected + (_random.NextDouble() < expected - (int)expected ? 1 : 0);
        return expected <= 3 ? count : Math.Max(0, count + (int)((_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5) * 2 * spread * Math.Sqrt(expected) / 2));
    }

    /// <summary>Several requests at once share a duration, so that a busy service costs no more to make up than a quiet one.</summary>
    private void Observe(int first, int requests, double median)
    {
        var draws = Math.Min(requests, 16);
        for (var d = 0; d < draws; d++)
        {
            var normal = (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 2) * 1.73;
            var duration = median * Math.Exp(normal * 0.8);
            var count = requests / draws + (d < requests % draws ? 1 : 0);
            Values[first + Bounds.Length] += duration * count;
            Values[first + Bounds.Length + 1] += count;
            for (var b = Array.FindIndex(Bounds, bound => duration <= bound); b < Bounds.Length; b++)
                Values[first + b] += count;
        }
    }

    private sealed record Line(string Before, string Series, Behaviour Behaviour, double Start, double Rate);
}
