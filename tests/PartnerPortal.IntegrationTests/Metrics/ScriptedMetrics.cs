using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A metrics service that answers what the test says.</summary>
internal sealed class ScriptedMetrics : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedMetrics(WebApplication app) => _app = app;

    public string Page { get; set; } = "requests_total 1\n";

    public string ContentType { get; set; } = "text/plain; version=0.0.4";

    public int Status { get; set; } = 200;

    public List<string> Authorizations { get; } = [];

    public Uri Url => new(_app.Urls.Single() + "/metrics");

    public static async Task<ScriptedMetrics> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var metrics = new ScriptedMetrics(app);
        app.Run(async http =>
        {
            metrics.Authorizations.Add(http.Request.Headers.Authorization.ToString());
            http.Response.StatusCode = metrics.Status;
            http.Response.ContentType = metrics.ContentType;
            await http.Response.WriteAsync(metrics.Page);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return metrics;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
