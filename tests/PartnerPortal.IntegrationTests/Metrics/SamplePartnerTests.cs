using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace PartnerPortal.IntegrationTests.Metrics;

public sealed class SamplePartnerTests
{
    [Fact]
    public async Task Paging_through_the_catalogue_shows_every_track_once()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await SamplePartnerShop.JsonAsync(await shop.GetAsync($"/v1/tracks?limit=100&after={after}"));
            Assert.Equal(480, page.GetProperty("total").GetInt32());
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(track => track.GetProperty("id").GetString()!));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);
        Assert.Equal(480, seen.Count);
        Assert.Equal(480, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_search_finds_only_what_holds_its_words()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        var page = await SamplePartnerShop.JsonAsync(await shop.GetAsync("/v1/tracks?q=halogen%20choir&limit=100"));
        Assert.InRange(page.GetProperty("total").GetInt32(), 1, 100);
        Assert.All(page.GetProperty("items").EnumerateArray(), track => Assert.Equal("Halogen Choir", track.GetProperty("artist").GetString()));
    }

    [Fact]
    public async Task New_tracks_come_out_as_time_goes_by()
    {
        var clock = new SamplePartnerShop.HandClock();
        await using var shop = await SamplePartnerShop.OpenAsync(clock, "--shoppers", "0");
        Assert.Equal(HttpStatusCode.NotFound, (await shop.GetAsync("/v1/tracks/trk_0481")).StatusCode);
        clock.Now += TimeSpan.FromMinutes(10);
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync("/v1/tracks/trk_0481")).StatusCode);
        Assert.Equal(481, await shop.SumAsync("/metrics", "tunes_catalogue_tracks"));
    }

    [Fact]
    public async Task A_repeated_key_buys_once_and_counts_once()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        await shop.SignInAsync();
        var first = await shop.BuyAsync("trk_0001", "order-1");
        var again = await shop.BuyAsync("trk_0001", "order-1");
        var other = await shop.BuyAsync("trk_0002", "order-1");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal((await SamplePartnerShop.JsonAsync(first)).GetRawText(), (await SamplePartnerShop.JsonAsync(again)).GetRawText());
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal(1, await shop.SumAsync("/metrics", "tunes_purchases_total", "completed"));
        Assert.Equal(2, await shop.SumAsync("/metrics", "tunes_requests_total", "createPurchase", "201"));
    }

    [Fact]
    public async Task A_purchase_needs_a_token_a_key_a_track_and_money()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.BuyAsync("trk_0001", "a")).StatusCode);
        await shop.SignInAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.PostAsync("/v1/purchases", new { trackId = "trk_0001" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await shop.BuyAsync("trk_9999", "b")).StatusCode);
        Assert.Equal(HttpStatusCode.PaymentRequired, (await shop.BuyAsync("trk_0001", "c", "card_declined")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await shop.BuyAsync("trk_0001", "c", "card_visa")).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_gives_no_token_and_a_token_ends_after_an_hour()
    {
        var clock = new SamplePartnerShop.HandClock();
        await using var shop = await SamplePartnerShop.OpenAsync(clock, "--shoppers", "0");
        var wrong = await shop.PostAsync("/v1/login", new { email = "sandbox@tunes.example", password = "guess" });
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        await shop.SignInAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await shop.GetAsync("/v1/purchases/pur_1")).StatusCode);
        clock.Now += TimeSpan.FromMinutes(61);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.GetAsync("/v1/purchases/pur_1")).StatusCode);
    }

    [Fact]
    public async Task A_refund_happens_once_and_both_events_reach_the_webhook_with_a_valid_signature()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        await shop.SignInAsync();
        var webhook = await SamplePartnerShop.JsonAsync(await shop.PostAsync("/v1/webhooks", new { url = listener.Url }));
        await shop.BuyAsync("trk_0007", "order-7");
        Assert.Equal(HttpStatusCode.OK, (await shop.PostAsync("/v1/purchases/pur_000001/refund", new { reason = "wrong song" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await shop.PostAsync("/v1/purchases/pur_000001/refund", new { })).StatusCode);

        var secret = Convert.FromBase64String(webhook.GetProperty("secret").GetString()!["whsec_".Length..]);
        var kinds = new List<string>();
        for (var n = 0; n < 2; n++)
        {
            var (headers, body) = await listener.NextAsync();
            var signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}");
            var expected = "v1," + Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(secret, signed));
            Assert.Equal(expected, headers["webhook-signature"].ToString());
            kinds.Add(JsonDocument.Parse(body).RootElement.GetProperty("type").GetString()!);
        }
        Assert.Equal(["purchase.completed", "refund.completed"], kinds.Order());
    }

    [Fact]
    public async Task The_contract_names_every_operation_and_no_other()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        var document = await SamplePartnerShop.JsonAsync(await shop.GetAsync("/openapi.json"));
        var promised = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation =>
            $"{operation.Name.ToUpperInvariant()} {path.Name} {operation.Value.GetProperty("operationId").GetString()}"));
        var served = shop.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} {endpoint.RoutePattern.RawText!.TrimEnd('/')} "
                + endpoint.Metadata.GetMetadata<EndpointNameMetadata>()!.EndpointName);
        Assert.Equal(served.Order(), promised.Order());
    }

    [Fact]
    public async Task Answers_have_exactly_the_fields_that_the_contract_promises()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        await shop.SignInAsync();
        var schemas = (await SamplePartnerShop.JsonAsync(await shop.GetAsync("/openapi.json"))).GetProperty("components").GetProperty("schemas");
        await shop.BuyAsync("trk_0001", "k");
        (string Schema, HttpResponseMessage Answer)[] answers =
        [
            ("TrackPage", await shop.GetAsync("/v1/tracks?limit=1")),
            ("Track", await shop.GetAsync("/v1/tracks/trk_0001")),
            ("Purchase", await shop.GetAsync("/v1/purchases/pur_000001")),
            ("Webhook", await shop.PostAsync("/v1/webhooks", new { url = "http://127.0.0.1:9/" })),
            ("WebhookList", await shop.GetAsync("/v1/webhooks")),
            ("LoginAnswer", await shop.PostAsync("/v1/login", new { email = "sandbox@tunes.example", password = "let me listen" })),
        ];
        foreach (var (schema, answer) in answers)
        {
            var promised = schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(field => field.Name);
            Assert.Equal(promised.Order(), (await SamplePartnerShop.JsonAsync(answer)).EnumerateObject().Select(field => field.Name).Order());
        }
    }

    [Theory]
    [InlineData("text/plain", "text/plain")]
    [InlineData("*/*", "text/plain")]
    [InlineData("text/html,*/*;q=0.8", "text/plain")]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5", "application/openmetrics-text")]
    [InlineData("application/openmetrics-text;q=0.2,text/plain", "text/plain")]
    public async Task The_metrics_format_is_the_one_the_caller_likes_best(string accept, string expected)
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System);
        shop.Http.DefaultRequestHeaders.Accept.ParseAdd(accept);
        foreach (var path in new[] { "/metrics", "/our-side/metrics" })
        {
            var answer = await shop.GetAsync(path);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(expected, answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(expected == "application/openmetrics-text", page.EndsWith("# EOF\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Shoppers_count_the_same_with_the_same_seed_however_often_one_looks()
    {
        var (clock, other) = (new SamplePartnerShop.HandClock(), new SamplePartnerShop.HandClock());
        await using var often = await SamplePartnerShop.OpenAsync(clock, "--seed", "3");
        await using var once = await SamplePartnerShop.OpenAsync(other, "--seed", "3");
        await using var different = await SamplePartnerShop.OpenAsync(other, "--seed", "4");
        for (var n = 0; n < 30; n++)
        {
            clock.Now += TimeSpan.FromSeconds(10);
            await often.GetAsync("/metrics");
        }
        other.Now += TimeSpan.FromSeconds(300);
        var cancel = TestContext.Current.CancellationToken;
        var page = await once.Http.GetStringAsync("/metrics", cancel);
        Assert.Equal(page, await often.Http.GetStringAsync("/metrics", cancel));
        Assert.NotEqual(page, await different.Http.GetStringAsync("/metrics", cancel));
        Assert.True(await once.SumAsync("/metrics", "tunes_requests_total") > 1000);
    }

    [Fact]
    public async Task Evenings_are_busier_than_mornings()
    {
        var clock = new SamplePartnerShop.HandClock { Now = new(2026, 3, 10, 7, 30, 0, TimeSpan.Zero) };
        await using var shop = await SamplePartnerShop.OpenAsync(clock);
        clock.Now += TimeSpan.FromHours(1);
        var morning = await shop.SumAsync("/metrics", "tunes_requests_total");
        clock.Now += TimeSpan.FromHours(11);
        var before = await shop.SumAsync("/metrics", "tunes_requests_total");
        clock.Now += TimeSpan.FromHours(1);
        var evening = await shop.SumAsync("/metrics", "tunes_requests_total") - before;
        Assert.InRange(evening / morning, 2.5, 3.5);
    }
}
