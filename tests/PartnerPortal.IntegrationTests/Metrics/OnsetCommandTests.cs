using System.Globalization;
using System.Text.Json;
using PartnerPortal.IntegrationTests.Running;

namespace PartnerPortal.IntegrationTests.Metrics;

public sealed class OnsetCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-onset-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("time,value\n")]
    [InlineData("")]
    public async Task A_file_tells_since_when(string header)
    {
        var file = Write(header + string.Join('\n', Enumerable.Range(0, 200).Select(i => $"{1_760_000_000 + i * 60},{(i % 10 == 3 ? "" : (i < 120 ? 0.5 : 7).ToString(CultureInfo.InvariantCulture))}")) + "\n");
        var outcome = await CommandLine.RunAsync(new Dictionary<string, string?>(), "onset", "--csv", file);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        using var json = JsonDocument.Parse(outcome.Out);
        var change = Assert.Single(json.RootElement.GetProperty("changePoints").EnumerateArray());
        Assert.Equal(120, change.GetProperty("index").GetInt32());
        Assert.Equal(1_760_000_000 + 120 * 60, change.GetProperty("time").GetInt64());
        Assert.Equal((0.5, 7d), (change.GetProperty("before").GetDouble(), change.GetProperty("after").GetDouble()));
    }

    [Fact]
    public async Task A_series_that_does_not_change_has_no_change_points()
    {
        var outcome = await CommandLine.RunAsync(new Dictionary<string, string?>(), "onset", "--csv", Write("1,5\n2,5\n3,5\n"));
        using var json = JsonDocument.Parse(outcome.Out);
        Assert.Equal((0, 0), (outcome.Code, json.RootElement.GetProperty("changePoints").GetArrayLength()));
    }

    [Theory]
    [InlineData("time,value\n1,2\n2,x\n", "Line 3: “x” is not a number.")]
    [InlineData("1,2\nx,3\n", "Line 2: “x” is not a time in unix seconds.")]
    [InlineData("1,2\n1,3\n", "Line 2: its time is not later than the one before.")]
    [InlineData("1\n2\n", "Line 1: two columns are needed: time and value, separated by a comma.")]
    [InlineData("time,value\n", "The file holds no values.")]
    public async Task A_file_that_cannot_be_read_is_refused_with_its_line(string text, string sentence)
    {
        var outcome = await CommandLine.RunAsync(new Dictionary<string, string?>(), "onset", "--csv", Write(text));
        Assert.Equal((2, "portal: " + sentence), (outcome.Code, outcome.Error.Trim()));
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "series.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
