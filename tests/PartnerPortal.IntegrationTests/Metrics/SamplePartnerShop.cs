using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.SamplePartner;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A running sample partner on a port of its own, by default on a clock that a test moves by hand.</summary>
internal sealed class SamplePartnerShop : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SamplePartnerShop(WebApplication app)
    {
        _app = app;
        Http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Http.BaseAddress = new Uri(app.Urls.Single());
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<SamplePartnerShop> OpenAsync(TimeProvider clock, params string[] args)
    {
        var app = SamplePartnerApp.Build(["--urls", "http://127.0.0.1:0", .. args], clock);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SamplePartnerShop(app);
    }

    public async Task SignInAsync()
    {
        var answer = await PostAsync("/v1/login", new { email = "sandbox@tunes.example", password = "let me listen" });
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await JsonAsync(answer)).GetProperty("token").GetString());
    }

    public Task<HttpResponseMessage> PostAsync(string path, object body) =>
        Http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> BuyAsync(string track, string key, string? payment = null)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/v1/purchases") { Content = JsonContent.Create(new { trackId = track, payment }) };
        message.Headers.Add("Idempotency-Key", key);
        return Http.SendAsync(message, TestContext.Current.CancellationToken);
    }

    /// <summary>Sums the series of a page whose text starts with the name and holds every one of the parts.</summary>
    public async Task<double> SumAsync(string page, string name, params string[] parts)
    {
        var text = await Http.GetStringAsync(page, TestContext.Current.CancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is '{' or ' ')
            .Where(line => parts.All(part => line.Contains(part, StringComparison.Ordinal)))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>Stands still until it is moved; only reading the time is ruled by it, timers stay real.</summary>
    public sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 10, 18, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
