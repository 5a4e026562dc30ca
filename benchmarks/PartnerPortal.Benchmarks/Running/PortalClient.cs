using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>The running portal's HTTP API, with the token of the environment.</summary>
internal sealed class PortalClient : IAsyncDisposable
{
    private const string HowToStart =
        "Start a portal that may be filled, `Portal__DataDirectory=$(mktemp -d) Portal__Admin__Email=bench@example.com Portal__Admin__Password=… Portal__Admin__ApiToken=ppk_… ./portal up`, and name it here: `PORTAL_URL=http://localhost:5080 PORTAL_TOKEN=ppk_… ./portal bench NAME`.";

    private readonly ServiceProvider _services;
    private readonly HttpClient _http;

    private PortalClient(Uri address, string token)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("portal", http =>
        {
            http.BaseAddress = address;
            http.Timeout = TimeSpan.FromMinutes(5);
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        }).RemoveAllLoggers();
        _services = services.BuildServiceProvider();
        _http = _services.GetRequiredService<IHttpClientFactory>().CreateClient("portal");
    }

    /// <exception cref="CannotRun">PORTAL_URL or PORTAL_TOKEN is absent or no address.</exception>
    public static PortalClient FromEnvironment()
    {
        var token = Environment.GetEnvironmentVariable("PORTAL_TOKEN");
        if (!Uri.TryCreate(Environment.GetEnvironmentVariable("PORTAL_URL"), UriKind.Absolute, out var address) || string.IsNullOrWhiteSpace(token))
        {
            throw new CannotRun(HowToStart);
        }

        return new(address, token);
    }

    /// <summary>A portal whose address and token are known.</summary>
    public static PortalClient At(Uri address, string token) => new(address, token);

    /// <summary>Where it answers.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>Whether it is ready to answer.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/readyz", UriKind.Relative), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The whole answer, as a browser would have to wait for it.</summary>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        await DemandAsync(answer, path, cancel);
        return await answer.Content.ReadAsByteArrayAsync(cancel);
    }

    public async Task<JsonElement> GetJsonAsync(string path, CancellationToken cancel) => Parse(await GetAsync(path, cancel));

    public Task<JsonElement> PostAsync(string path, string body, string type, CancellationToken cancel) => SendAsync(HttpMethod.Post, path, body, type, cancel);

    public Task<JsonElement> PutAsync(string path, string body, CancellationToken cancel) => SendAsync(HttpMethod.Put, path, body, "application/json", cancel);

    public Task<JsonElement> PatchAsync(string path, string body, CancellationToken cancel) => SendAsync(HttpMethod.Patch, path, body, "application/json", cancel);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string body, string type, CancellationToken cancel)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type, "utf-8"));
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var answer = await _http.SendAsync(request, cancel);
        await DemandAsync(answer, path, cancel);
        return Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _services.DisposeAsync();
    }

    private static JsonElement Parse(byte[] text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    // A refusal answers quickly; it must never be counted as a fast answer.
    private static async Task DemandAsync(HttpResponseMessage answer, string path, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var text = await answer.Content.ReadAsStringAsync(cancel);
            throw new CannotRun($"{path} answered {(int)answer.StatusCode}: {(text.Length > 400 ? text[..400] + "…" : text)}");
        }
    }
}
