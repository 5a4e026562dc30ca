using System.Net;
using System.Text.Json;

namespace PartnerPortal.IntegrationTests.Metrics;

public sealed class SamplePartnerFaultTests
{
    private sealed record Minutes(double Ours, double OursFailed, double Theirs, double TheirsFailed, double Unreachable, double Timeouts, double Declined,
        double Purchases, double PurchasesUnreachable);

    [Fact]
    public async Task In_good_times_both_sides_agree_and_hardly_anything_fails()
    {
        var ten = await LiveTenMinutesAsync(null);
        Assert.Equal(ten.Ours, ten.Theirs);
        Assert.InRange(ten.OursFailed, 0, 0.01 * ten.Ours);
        Assert.InRange(ten.Ours, 4000, 9000);
    }

    [Fact]
    public async Task An_outage_fails_everything_and_theirs_says_so()
    {
        var ten = await LiveTenMinutesAsync("outage");
        Assert.Equal(ten.Ours, ten.OursFailed);
        Assert.Equal(ten.Theirs, ten.TheirsFailed);
        Assert.Equal(ten.Ours, ten.Theirs);
    }

    [Fact]
    public async Task Errors_show_alike_on_both_sides()
    {
        var ten = await LiveTenMinutesAsync("errors");
        Assert.Equal(ten.OursFailed, ten.TheirsFailed);
        Assert.InRange(ten.OursFailed / ten.Ours, 0.35, 0.45);
    }

    [Fact]
    public async Task A_broken_network_fails_ours_while_theirs_only_get_fewer()
    {
        var ten = await LiveTenMinutesAsync("network");
        Assert.Equal(ten.Ours, ten.Theirs + ten.Unreachable);
        Assert.InRange(ten.Unreachable / ten.Ours, 0.55, 0.65);
        Assert.InRange(ten.TheirsFailed, 0, 0.01 * ten.Theirs);
        Assert.InRange(ten.PurchasesUnreachable / ten.Purchases, 0.53, 0.67);
    }

    [Fact]
    public async Task When_they_are_slow_we_give_up_on_calls_that_they_count_as_good()
    {
        var ten = await LiveTenMinutesAsync("slow");
        Assert.True(ten.Timeouts > 50, $"{ten.Timeouts} timeouts");
        Assert.InRange(ten.TheirsFailed, 0, 0.01 * ten.Theirs);
    }

    [Fact]
    public async Task Declined_purchases_are_no_errors()
    {
        var ten = await LiveTenMinutesAsync("decline purchases");
        Assert.InRange(ten.Declined / ten.Ours, 0.12, 0.17);
        Assert.InRange(ten.TheirsFailed, 0, 0.01 * ten.Theirs);
    }

    [Fact]
    public async Task Broken_metrics_never_hide_our_own_side()
    {
        var clock = new SamplePartnerShop.HandClock();
        await using var shop = await SamplePartnerShop.OpenAsync(clock);
        await shop.PostAsync("/faults", new { kind = "metrics down" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await shop.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync("/our-side/metrics")).StatusCode);
        await shop.Http.DeleteAsync("/faults", TestContext.Current.CancellationToken);
        await shop.PostAsync("/faults", new { kind = "bad-metrics" });
        var page = await shop.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("code=\"200 17\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_ends_by_itself_and_a_second_one_of_its_kind_only_lasts_longer()
    {
        var clock = new SamplePartnerShop.HandClock();
        await using var shop = await SamplePartnerShop.OpenAsync(clock, "--shoppers", "0");
        await shop.PostAsync("/faults", new { kind = "outage", @for = "10m" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await shop.GetAsync("/v1/tracks")).StatusCode);
        clock.Now += TimeSpan.FromMinutes(5);
        await shop.PostAsync("/faults", new { kind = "outage", @for = "10m" });
        clock.Now += TimeSpan.FromMinutes(9);
        Assert.Single(await ActiveAsync(shop));
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Empty(await ActiveAsync(shop));
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync("/v1/tracks")).StatusCode);
    }

    [Fact]
    public async Task Mending_ends_every_fault_at_once()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        await shop.PostAsync("/faults", new { kind = "outage" });
        await shop.PostAsync("/faults", new { kind = "metrics down" });
        Assert.Equal(2, (await ActiveAsync(shop)).Length);
        await shop.Http.DeleteAsync("/faults", TestContext.Current.CancellationToken);
        Assert.Empty(await ActiveAsync(shop));
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync("/v1/tracks")).StatusCode);
    }

    [Fact]
    public async Task Real_calls_lost_by_the_network_are_not_counted_by_them()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        await shop.PostAsync("/faults", new { kind = "network" });
        var lost = 0;
        for (var n = 0; n < 20; n++)
        {
            try
            {
                // A purchase without a token: a POST is not sent again by the client when the connection breaks.
                using var answer = await shop.BuyAsync("trk_0001", $"{n}");
            }
            catch (HttpRequestException)
            {
                lost++;
            }
        }
        Assert.Equal(12, lost);
        Assert.Equal(8, await shop.SumAsync("/metrics", "tunes_requests_total"));
    }

    [Theory]
    [InlineData("earthquake", "10m", "outage")]
    [InlineData("outage", "soon", "10m")]
    [InlineData("outage", "25h", "24h")]
    [InlineData("outage", "0s", "10m")]
    public async Task A_fault_that_makes_no_sense_is_refused_with_what_would(string kind, string length, string hint)
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        var answer = await shop.PostAsync("/faults", new { kind, @for = length });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(hint, (await SamplePartnerShop.JsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await ActiveAsync(shop));
    }

    [Fact]
    public async Task The_status_page_admits_an_outage_after_five_minutes_and_a_network_fault_never()
    {
        var clock = new SamplePartnerShop.HandClock();
        await using var shop = await SamplePartnerShop.OpenAsync(clock, "--shoppers", "0");
        await shop.PostAsync("/faults", new { kind = "network", @for = "1h" });
        await shop.PostAsync("/faults", new { kind = "outage", @for = "10m" });
        Assert.Equal("none", await IndicatorAsync(shop));
        clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal("critical", await IndicatorAsync(shop));
        clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal("none", await IndicatorAsync(shop));
    }

    private static async Task<Minutes> LiveTenMinutesAsync(string? fault)
    {
        var clock = new SamplePartnerShop.HandClock();
        await using var shop = await SamplePartnerShop.OpenAsync(clock);
        if (fault is not null)
        {
            await shop.PostAsync("/faults", new { kind = fault, @for = "1h" });
        }
        clock.Now += TimeSpan.FromMinutes(10);
        Task<double> Ours(params string[] parts) => shop.SumAsync("/our-side/metrics", "music_requests_total", parts);
        Task<double> Theirs(params string[] parts) => shop.SumAsync("/metrics", "tunes_requests_total", parts);
        var (unreachable, timeouts) = (await Ours("unreachable"), await Ours("timeout"));
        return new Minutes(
            await Ours(), await Ours("\"error\"") + unreachable + timeouts, await Theirs(), await Theirs("code=\"5"),
            unreachable, timeouts, await Ours("declined"),
            await Ours("createPurchase"), await Ours("createPurchase", "unreachable"));
    }

    private static async Task<JsonElement[]> ActiveAsync(SamplePartnerShop shop) =>
        [.. (await SamplePartnerShop.JsonAsync(await shop.GetAsync("/faults"))).GetProperty("items").EnumerateArray()];

    private static async Task<string?> IndicatorAsync(SamplePartnerShop shop) =>
        (await SamplePartnerShop.JsonAsync(await shop.GetAsync("/api/v2/summary.json"))).GetProperty("status").GetProperty("indicator").GetString();
}
