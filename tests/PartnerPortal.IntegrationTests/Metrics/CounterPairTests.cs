using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics;

public sealed class CounterPairTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gap_of_a_pair_is_recorded_with_what_of_it_is_certain()
    {
        var partner = await PartnerAsync();
        await database.Get<CounterPairStore>().SaveAsync(partner, "main", null, new CounterPairDraft("Buying", "sent_total", "received_total"), TestDatabase.Ana, Cancel);
        var (series, sink) = (new ScriptedSeries(), new Kept());
        for (var scrape = 0; scrape <= 40; scrape++)
        {
            series.Add(Labels(partner, "sent_total", "ours"), database.Clock.GetUtcNow(), 10 * scrape);
            series.Add(Labels(partner, "received_total", "partner"), database.Clock.GetUtcNow(), 4 * scrape);
            await database.Clock.MoveAsync(TimeSpan.FromSeconds(15));
        }

        var module = new CounterPairModule(database.Get<CounterPairStore>(), new SidesReading(series), sink, database.Clock, NullLogger<CounterPairModule>.Instance);
        await module.RunAsync(Cancel);
        var recorded = sink.Samples.ToDictionary(s => s.Labels.MetricName);
        Assert.All(recorded.Values, s => Assert.Equal((partner, "main", "buying"), (s.Labels["partner"], s.Labels["integration"], s.Labels["pair"])));
        var (gap, bound) = (recorded[CounterPairModule.Gap].Samples.Single(), recorded[CounterPairModule.Bound].Samples.Single());
        Assert.Equal(0, gap.Time % 15_000);
        // Six of ten calls are lost: nearly 120 in five minutes, and no scrape explains more than one interval at each edge.
        Assert.InRange(gap.Value, 95, 125);
        Assert.InRange(bound.Value, 0, 30);

        await module.RunAsync(Cancel);
        Assert.Equal(gap, sink.Samples.Last(s => s.Labels.MetricName == CounterPairModule.Gap).Samples.Single());
    }

    [Fact]
    public async Task Pairs_are_kept_over_http()
    {
        await using var app = new PortalApp(database);
        using var engineer = await app.SignedInAsync(Role.Engineer);
        var partner = await PartnerAsync();
        var url = $"/api/v1/partners/{partner}/pairs/buying";
        var refused = await engineer.PutAsJsonAsync(url, new { title = "Buying", ours = "rate(sent_total[5m])", theirs = "received_total" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await engineer.PutAsJsonAsync(url, new { title = "Buying", ours = "sent_total", theirs = "received_total" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await engineer.PutAsJsonAsync(url, new { title = "Purchases", ours = "sent_total", theirs = "received_total", ourTests = "tests_total" }, Cancel)).StatusCode);
        var kept = await engineer.GetFromJsonAsync<JsonElement>(url, Cancel);
        Assert.Equal(("buying", "Purchases", "tests_total"), (kept.GetProperty("slug").GetString(), kept.GetProperty("title").GetString(), kept.GetProperty("ourTests").GetString()));
        Assert.Equal(1, (await engineer.GetFromJsonAsync<JsonElement>($"/api/v1/partners/{partner}/pairs", Cancel)).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await engineer.DeleteAsync(url, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await engineer.GetAsync(url, Cancel)).StatusCode);
    }

    private async Task<string> PartnerAsync()
    {
        var slug = "p" + Guid.NewGuid().ToString("N")[..12];
        await database.Get<PartnerStore>().EnterAsync(new PartnerDraft(Name: slug, Slug: slug), null, TestDatabase.Ana, Cancel);
        return slug;
    }

    private static LabelSet Labels(string partner, string name, string side) =>
        LabelSet.Of((Label.MetricName, name), ("partner", partner), ("integration", "main"), ("side", side), ("source", side));

    private sealed class Kept : ISampleSink
    {
        public List<SeriesSamples> Samples { get; } = [];

        public Task AppendAsync(IReadOnlyList<SeriesSamples> series, CancellationToken cancel)
        {
            Samples.AddRange(series);
            return Task.CompletedTask;
        }
    }
}
