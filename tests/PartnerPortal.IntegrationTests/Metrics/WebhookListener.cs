using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>Keeps what was posted to it, in the order it came.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly Channel<(IHeaderDictionary Headers, string Body)> _posted = Channel.CreateUnbounded<(IHeaderDictionary, string)>();
    private readonly WebApplication _app;

    private WebhookListener()
    {
        _app = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]).Build();
        _app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            _posted.Writer.TryWrite((new HeaderDictionary(request.Headers.ToDictionary()), await reader.ReadToEndAsync()));
        });
    }

    public string Url => _app.Urls.Single() + "/hook";

    public static async Task<WebhookListener> StartAsync()
    {
        var listener = new WebhookListener();
        await listener._app.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    public async Task<(IHeaderDictionary Headers, string Body)> NextAsync() =>
        await _posted.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
