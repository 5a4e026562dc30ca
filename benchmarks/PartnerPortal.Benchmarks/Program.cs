using System.CommandLine;
using PartnerPortal.Benchmarks.Incidents;
using PartnerPortal.Benchmarks.Metrics;
using PartnerPortal.Benchmarks.Partners;
using PartnerPortal.Benchmarks.Reviews;
using PartnerPortal.Benchmarks.Running;

// Exit codes: 0 good, 1 slower than promised, 2 could not run.
var root = new RootCommand("Figures that a person can repeat, taken from outside a running portal. PORTAL_URL and PORTAL_TOKEN name it; use one that may be filled with thousands of partners.")
{
    Benchmark.Make("search", "Finds partners and contacts by parts of words; fails when the 95th percentile is over 150 ms.", SearchBenchmark.RunAsync),
    Benchmark.Make("rules", "Measures from the last byte of a scraped page to the alert at the API; fails when the 99th percentile is over 100 ms.", RuleBenchmark.RunAsync),
    Benchmark.Make("list", "Reads pages of the list of partners, narrowed in several ways.", ListBenchmark.RunAsync),
    RecordBenchmark.Make(),
    ParseBenchmark.Make(),
    Benchmark.Make("queries", "Range queries at the portal and at a real Prometheus that scrapes the same services; takes six minutes. Start the portal with Portal__Outbound__Allowed=127.0.0.1/32.", QueryBenchmark.RunAsync),
    ChartBenchmark.Make(),
    IngestBenchmark.Make(),
    SizeBenchmark.Make(),
    AnswerBenchmark.Make(),
    AlertBenchmark.Make(),
};
root.Add(MetricsBenchmark.Make(root));
return await root.Parse(args).InvokeAsync();
