using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>A portal whose store holds the planted series, pushed in two parts while its clock moves on.</summary>
public sealed class PrometheusPortal(TestServer server) : SharedPortal(server)
{
    private const string Token = "ppk_0123456789abcdef0123456789abcdef";
    private const long Minute = 60_000;

    /// <summary>When the first sample was taken.</summary>
    public long Start { get; private set; }

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Portal:Admin:Email"] = "root@example.com",
        ["Portal:Admin:Password"] = "Kupfer-Teich-77",
        ["Portal:Admin:ApiToken"] = Token,
    };

    /// <summary>The series as they were pushed.</summary>
    public IReadOnlyList<ReadSeries> Series { get; private set; } = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Start = Database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Series =
        [
            .. PlantedSeries.From(Start),
            new(LabelSet.Of(("__name__", "own"), ("partner", "mine")), [new(Start, 1), new(Start + 80 * Minute, 1)]),
            new(LabelSet.Of(("__name__", "own"), ("partner", "theirs")), [new(Start, 2), new(Start + 80 * Minute, 2)]),
        ];
        await PushAsync(0, 50);
        await PushAsync(50, 100);
    }

    /// <summary>A client that brings a token; the administrator's when none is named.</summary>
    public HttpClient With(string? token = null)
    {
        var client = App.CreateClient(new() { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token ?? Token);
        return client;
    }

    private async Task PushAsync(int from, int to)
    {
        await Database.Clock.MoveAsync(TimeSpan.FromMinutes(to - from));
        var sink = App.Services.GetRequiredService<ISampleSink>();
        var part = Series.Select(s => new SeriesSamples(s.Labels, [.. s.Samples.Where(one => one.Time >= Start + from * Minute && one.Time < Start + to * Minute)]));
        await sink.AppendAsync([.. part.Where(s => s.Samples.Length > 0)], TestContext.Current.CancellationToken);
    }
}
