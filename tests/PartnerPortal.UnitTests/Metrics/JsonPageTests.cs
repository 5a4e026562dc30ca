using System.Text;
using CsCheck;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>JSON answers through a mapping.</summary>
public sealed class JsonPageTests
{
    private const string Shops = """
        {"region":"eu","shops":[{"name":"a","orders":7,"open":true,"load":{"one":"0.5"}},{"name":"b","orders":9,"open":false,"load":{}}],
         "queues":{"in":{"depth":3},"out":{"depth":null}},"my key":{"x.y":[1,2,3]}}
        """;

    [Theory]
    [InlineData("""{"name":"orders_total","type":"counter","items":"$.shops[*]","value":"@.orders","labels":{"shop":"@.name","region":"$.region","kind":"web"}}""",
        "orders_total{kind=\"web\",region=\"eu\",shop=\"a\"} 7; orders_total{kind=\"web\",region=\"eu\",shop=\"b\"} 9")]
    [InlineData("""{"name":"open","items":"$.shops[*]","value":"@.open","labels":{"n":"@~"}}""", "open{n=\"0\"} 1; open{n=\"1\"} 0")]
    [InlineData("""{"name":"load","items":"$.shops[*]","value":"@.load.one","labels":{"*":"@"}}""", "load{name=\"a\",open=\"true\",orders=\"7\"} 0.5")]
    [InlineData("""{"name":"depth","items":"$.queues.*","value":"@.depth","labels":{"queue":"@~"}}""", "depth{queue=\"in\"} 3")]
    [InlineData("""{"name":"last","value":"$['my key']['x.y'][-1]"}""", "last 3")]
    [InlineData("""{"name":"@~","items":"$.queues[*]","value":"@.depth"}""", "in 3")]
    public void Paths_lead_to_items_values_labels_and_names(string metric, string expected)
    {
        var page = Read(Shops, $$"""{"metrics":[{{metric}}]}""");
        Assert.Equal(expected, string.Join("; ", page.Samples.Select(s => FormattableString.Invariant($"{s.Series.Labels} {s.Value}"))));
    }

    [Fact]
    public void Types_and_helps_are_announced_and_repeated_series_are_left_out()
    {
        var page = Read(Shops, """{"metrics":[{"name":"orders","type":"counter","help":"Placed.","items":"$.shops[*]","value":"@.orders"}]}""");
        Assert.Equal(new MetricFamily("orders", MetricType.Counter, "Placed.", ""), page.Families["orders"]);
        Assert.Equal(1, page.Duplicates);
        Assert.Equal([7d], page.Values);
    }

    [Fact]
    public void The_same_series_are_the_same_array_on_the_next_page()
    {
        var cache = new SeriesCache();
        var mapping = JsonMapping.Read("""{"metrics":[{"name":"a","value":"$.a"}]}""");
        var first = JsonPage.Read("{\"a\":1}"u8.ToArray(), mapping, series: cache);
        Assert.Same(first.Series, JsonPage.Read("{\"a\":2}"u8.ToArray(), mapping, series: cache).Series);
    }

    [Theory]
    [InlineData("", "1 to 100 metrics")]
    [InlineData("{", "line 1")]
    [InlineData("[]", "line 1")]
    [InlineData("{\"metrics\":[{\"value\":\"$.a\"}]}", "needs a name")]
    [InlineData("{\"metrics\":[{\"name\":\"a\"}]}", "path to its value")]
    [InlineData("{\"metrics\":[{\"name\":\"1a\",\"value\":\"$.a\"}]}", "metric's name")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"x.a\"}]}", "begins with $")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"@.a[*]\"}]}", "belongs into items")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"@.a[?(@.b)]\"}]}", "character 5")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"@..a\"}]}", "character 3")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"@.a\",\"type\":\"7\"}]}", "not a type")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"@.a\",\"labels\":{\"a-b\":\"c\"}}]}", "label's name")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"@.a\",\"labels\":{\"*\":\"c\"}}]}", "path to an object")]
    [InlineData("{\"metrics\":[{\"name\":\"a\",\"value\":\"@.a\",\"lables\":{}}]}", "does not belong")]
    public void A_mapping_that_cannot_work_says_what_is_wrong(string mapping, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => JsonMapping.Read(mapping.Length == 0 ? "{}" : mapping)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"a\":", "not JSON")]
    [InlineData("<html>", "not JSON")]
    [InlineData("{\"b\":1}", "finds no number")]
    [InlineData("{\"a\":\"x\"}", "finds no number")]
    [InlineData("{\"a\":\"\\ud800\"}", "Unicode")]
    public void An_answer_that_the_mapping_does_not_fit_is_refused(string json, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ExpositionRefused>(() => Read(json, """{"metrics":[{"name":"a","value":"$.a"}]}""")).Reason, StringComparison.Ordinal);

    [Fact]
    public void Limits_hold_for_JSON_too()
    {
        var mapping = JsonMapping.Read("""{"metrics":[{"name":"a","items":"$[*]","value":"@.v","labels":{"l":"@.l","m":"@.v"}}]}""");
        foreach (var limits in new ExpositionLimits[] { new() { Samples = 1 }, new() { Labels = 1 }, new() { ValueBytes = 2 } })
            Assert.Throws<ExpositionRefused>(() => JsonPage.Read("""[{"v":1,"l":"abc"},{"v":2,"l":"abc"}]"""u8.ToArray(), mapping, limits));
    }

    [Fact]
    public void Captured_JSON_of_real_programs_maps_to_metrics()
    {
        var folder = RealData.Folder("exposition");
        Assert.SkipWhen(folder is null, RealData.Missing);
        var haproxy = JsonPage.Read(File.ReadAllBytes(Path.Combine(folder!, "haproxy-stats-json.json")), JsonMapping.Read(
            """{"metrics":[{"name":"@.field.name","items":"$[*][*]","value":"@.value.value","labels":{"kind":"@.objType","proxy":"@.proxyId","id":"@.id"}}]}"""));
        Assert.Contains(haproxy.Samples, s => s.Series.Labels.ToString() == "slim{id=\"0\",kind=\"Frontend\",proxy=\"1\"}" && s.Value == 100);
        var query = JsonPage.Read(File.ReadAllBytes(Path.Combine(folder!, "prometheus-api-query.json")), JsonMapping.Read(
            """{"metrics":[{"name":"@.metric.__name__","items":"$.data.result[*]","value":"@.value[1]","labels":{"*":"@.metric"}}]}"""));
        Assert.Contains(query.Samples, s => s.Series.Labels.ToString() == "node_load1{instance=\"127.0.0.1:28100\",job=\"node\"}" && s.Value == 2.6);
    }

    [Theory]
    [InlineData(Shops)]
    [InlineData("[[{\"a\":{\"b-c\":1},\"n\":\"x\"}],[]]")]
    [InlineData("17")]
    public void A_suggested_mapping_finds_something(string json)
    {
        var suggestion = JsonSuggestion.For(Encoding.UTF8.GetBytes(json));
        Assert.NotEmpty(Read(json, suggestion!).Samples);
        Assert.Null(JsonSuggestion.For("{\"a\":\"b\"}"u8.ToArray()));
    }

    [Fact]
    public void Damaged_documents_and_mappings_are_refused_and_never_crash() =>
        Gen.Select(Gen.Int[0, 300], Gen.Char["{}[]\",:@$.*~'0a\\"], Gen.Bool).Array[1, 3].Sample(damage =>
        {
            var (json, mapping) = (Shops.ToCharArray(), """{"metrics":[{"name":"a","items":"$.shops[*]['load']","value":"@.one","labels":{"b":"@~","*":"$.queues"}}]}""".ToCharArray());
            foreach (var (at, with, inMapping) in damage)
            {
                var target = inMapping ? mapping : json;
                target[at % target.Length] = with;
            }
            try
            {
                Read(new string(json), new string(mapping));
            }
            catch (Exception refused) when (refused is FormatException or ExpositionRefused)
            {
                Assert.NotEmpty(refused.Message);
            }
        });

    private static ExpositionPage Read(string json, string mapping) => JsonPage.Read(Encoding.UTF8.GetBytes(json), JsonMapping.Read(mapping));
}
