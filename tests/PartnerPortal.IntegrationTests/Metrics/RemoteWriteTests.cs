using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.IntegrationTests.Metrics.PromQl;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.RemoteWrite;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>What a Prometheus sends, over HTTP: who may, what becomes of labels, what a refusal says, and that good means committed.</summary>
public sealed class RemoteWriteTests(PrometheusPortal portal) : IClassFixture<PrometheusPortal>
{
    private const string Write = "/prometheus/api/v1/write";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private long Now => portal.Database.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task An_unbound_token_writes_labels_exactly_as_sent_and_descriptions_are_kept()
    {
        using var http = portal.With();
        var labels = LabelSet.Of(("__name__", "calls_total"), ("partner", "anyone"), ("side", "partner"), ("job", "shop"));
        var sent = new WriteRequest([new(labels, [new(Now - 1000, 1), new(Now, 2)])], [new("calls_total", MetricType.Counter, "Calls that we made.", "")]);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(http, sent)).Status);
        Assert.Equal([labels], await SeriesAsync(http, "calls_total"));
        var described = await http.GetFromJsonAsync<JsonElement>("/prometheus/api/v1/metadata?metric=calls_total", Cancel);
        Assert.Equal("Calls that we made.", described.GetProperty("data").GetProperty("calls_total")[0].GetProperty("help").GetString());
    }

    [Fact]
    public async Task A_token_that_is_bound_forces_partner_and_side_and_sees_what_it_wrote()
    {
        using var bound = await BoundAsync("mine", "read", "write");
        var given = LabelSet.Of(("__name__", "bound_total"), ("partner", "theirs"), ("side", "partner"), ("exported_side", "x"));
        var bare = LabelSet.Of(("__name__", "bound_total"), ("partner", "mine"), ("side", "ours"), ("n", "2"));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(bound, new([new(given, [new(Now, 1)]), new(bare, [new(Now, 1)])], []))).Status);
        Assert.Equal(
            [
                bare,
                LabelSet.Of(("__name__", "bound_total"), ("partner", "mine"), ("side", "ours"), ("exported_partner", "theirs"), ("exported_side", "x"), ("exported_exported_side", "partner")),
            ],
            (await SeriesAsync(bound, "bound_total")).OrderBy(s => s.Count));
    }

    [Fact]
    public async Task Samples_that_are_too_old_are_refused_for_good_with_the_reason_and_the_others_are_kept()
    {
        using var http = portal.With();
        var labels = LabelSet.Of(("__name__", "late_total"));
        var (status, said, type) = await SendAsync(http, new([new(labels, [new(Now - 3_600_001, 1), new(Now, 2)])], []));
        Assert.Equal((HttpStatusCode.BadRequest, "text/plain"), (status, type));
        Assert.Contains("1 samples are more than an hour old and were not kept.", said, StringComparison.Ordinal);
        Assert.Equal([labels], await SeriesAsync(http, "late_total"));
    }

    [Fact]
    public async Task The_same_request_twice_is_one()
    {
        using var http = portal.With();
        var request = new WriteRequest([new(LabelSet.Of(("__name__", "twice_total")), [new(Now - 1, 1), new(Now, Samples.Stale)])], []);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(http, request)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(http, request)).Status);
        var read = await RealPrometheus.AskAsync(http, "/prometheus/api/v1/query", ("query", "twice_total[1m]"), ("time", $"{Now / 1000d:R}"));
        Assert.Equal(1, read.GetProperty("data").GetProperty("result")[0].GetProperty("values").GetArrayLength());
        var ended = await RealPrometheus.AskAsync(http, "/prometheus/api/v1/query", ("query", "twice_total"), ("time", $"{Now / 1000d:R}"));
        Assert.Equal(0, ended.GetProperty("data").GetProperty("result").GetArrayLength());
    }

    [Theory]
    [InlineData("application/json", "snappy", HttpStatusCode.UnsupportedMediaType, "application/x-protobuf")]
    [InlineData("application/x-protobuf;proto=io.prometheus.write.v2.Request", "snappy", HttpStatusCode.UnsupportedMediaType, "remote write 1.0")]
    [InlineData("application/x-protobuf", "zstd", HttpStatusCode.UnsupportedMediaType, "not by zstd")]
    [InlineData("application/x-protobuf", "snappy", HttpStatusCode.BadRequest, "snappy")]
    public async Task What_is_no_request_of_remote_write_is_refused_with_a_sentence(string type, string encoding, HttpStatusCode status, string sentence)
    {
        using var http = portal.With();
        var (answered, said, _) = await SendAsync(http, "hello"u8.ToArray(), type, encoding);
        Assert.Equal(status, answered);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_bytes_are_refused_as_too_large()
    {
        using var http = portal.With();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(http, new byte[WriteLimits.Default.PackedBytes + 1])).Status);
    }

    [Fact]
    public async Task Reading_alone_does_not_let_write_and_a_stranger_is_asked_who_it_is()
    {
        using var reader = await BoundAsync("mine", "read");
        using var stranger = portal.With("ppk_00000000000000000000000000000000");
        var request = new WriteRequest([new(LabelSet.Of(("__name__", "no_total")), [new(Now, 1)])], []);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(reader, request)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(stranger, request)).Status);
    }

    private async Task<HttpClient> BoundAsync(string partner, params string[] scopes)
    {
        using var http = portal.With();
        await http.PostAsJsonAsync("/api/v1/partners", new { name = partner, slug = partner }, Cancel);
        var made = await http.PostAsJsonAsync("/api/v1/tokens", new { name = "bound", scopes, partner }, Cancel);
        return portal.With((await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("secret").GetString());
    }

    private async Task<IReadOnlyList<LabelSet>> SeriesAsync(HttpClient http, string metric)
    {
        var found = await RealPrometheus.AskAsync(http, "/prometheus/api/v1/query", ("query", metric), ("time", $"{Now / 1000d:R}"));
        return [.. found.GetProperty("data").GetProperty("result").EnumerateArray().Select(r => LabelSet.Of(r.GetProperty("metric").EnumerateObject().Select(l => new Label(l.Name, l.Value.GetString()!))))];
    }

    private static Task<(HttpStatusCode Status, string Said, string? Type)> SendAsync(HttpClient http, WriteRequest request) => SendAsync(http, request.Write());

    private static async Task<(HttpStatusCode Status, string Said, string? Type)> SendAsync(HttpClient http, byte[] bytes, string type = "application/x-protobuf", string encoding = "snappy")
    {
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        body.Headers.ContentEncoding.Add(encoding);
        using var answer = await http.PostAsync(new Uri(Write, UriKind.Relative), body, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer.Content.Headers.ContentType?.MediaType);
    }
}
