using System.Text.Json;
using PartnerPortal.IntegrationTests.Running;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary><c>portal metrics check</c>, without any database.</summary>
public sealed class MetricsCommandTests : IDisposable
{
    private static readonly Dictionary<string, string?> Nothing = [];

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-metrics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("# TYPE a counter\na 1\na{b=\"c\"} 2\nd 3\n", "text/plain; version=0.0.4", 0, true, 3, 2, null, null)]
    [InlineData("# TYPE a counter\na_total 1\n# EOF\n", "application/openmetrics-text; version=1.0.0; charset=utf-8", 0, true, 1, 1, null, null)]
    [InlineData("# TYPE a counter\na 1\n# EOF\n", "application/openmetrics-text; version=1.0.0", 1, false, 0, 0, 2, "_total")]
    [InlineData("a 1\nb x\n", "text/plain", 1, false, 0, 0, 2, "number")]
    [InlineData("{}", "application/json", 1, false, 0, 0, null, "mapping")]
    public async Task A_page_is_read_as_a_scrape_would_read_it(string page, string type, int code, bool ok, int samples, int families, int? line, string? reason)
    {
        var outcome = await CommandLine.RunAsync(Nothing, "metrics", "check", Write("page", page), "--content-type", type, "--json");
        using var json = JsonDocument.Parse(outcome.Out);
        var root = json.RootElement;
        Assert.Equal(code, outcome.Code);
        Assert.Equal(["ok", "samples", "families", "line", "reason"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal((ok, samples, families), (root.GetProperty("ok").GetBoolean(), root.GetProperty("samples").GetInt32(), root.GetProperty("families").GetInt32()));
        Assert.Equal(line, root.GetProperty("line").ValueKind == JsonValueKind.Null ? null : root.GetProperty("line").GetInt32());
        Assert.Contains(reason ?? "", root.GetProperty("reason").GetString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_is_read_through_a_mapping_and_people_get_a_sentence()
    {
        var mapping = Write("mapping.json", """{"metrics":[{"name":"orders","items":"$[*]","value":"@.n","labels":{"shop":"@.s"}}]}""");
        var good = await CommandLine.RunAsync(Nothing, "metrics", "check", Write("page", """[{"s":"a","n":1},{"s":"b","n":2}]"""), "--content-type", "application/json", "--mapping", mapping);
        Assert.Equal((0, "Good: 2 samples of 1 metric in 1 line."), (good.Code, good.Out.Trim()));
        var bad = await CommandLine.RunAsync(Nothing, "metrics", "check", Write("page", "<html>"), "--content-type", "text/html");
        Assert.Equal(1, bad.Code);
        Assert.Contains("web page", bad.Out, StringComparison.Ordinal);
        var missing = await CommandLine.RunAsync(Nothing, "metrics", "check", Path.Combine(_folder, "nowhere"));
        Assert.Equal(2, missing.Code);
        Assert.StartsWith("portal: ", missing.Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
