namespace PartnerPortal.SamplePartner;

/// <summary>
/// Tunes, a music shop that a partner could have built, with faults on command.
/// It stands for the outside world, so it shares no line with the portal.
/// </summary>
public static class SamplePartnerApp
{
    /// <summary>Where it listens unless <c>--urls</c> says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5081";

    /// <summary>Builds the shop; <c>--shoppers 0</c> leaves it without simulated shoppers, <c>--seed</c> changes them.</summary>
    public static WebApplication Build(string[] args) => Build(args, TimeProvider.System);

    /// <summary>The same shop, living by another clock.</summary>
    public static WebApplication Build(string[] args, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // The hostile endpoints never finish by themselves; stopping must not wait for them.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<Catalogue>();
        builder.Services.AddSingleton<Accounts>();
        builder.Services.AddSingleton<Purchases>();
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<TunesMetrics>();
        builder.Services.AddSingleton<OurSideMetrics>();
        builder.Services.AddSingleton<Shoppers>();
        builder.Services.AddSingleton<Webhooks>();
        builder.Services.AddHostedService<WebhookDelivery>();
        builder.Services.AddHttpClient(WebhookDelivery.ClientName, client => client.Timeout = TimeSpan.FromSeconds(5));
        builder.Services.AddProblemDetails();
        if (builder.Configuration.GetValue<bool>("until-input-ends"))
        {
            builder.Services.AddHostedService<UntilInputEnds>();
        }
        builder.Services.AddResponseCompression(compression =>
            compression.MimeTypes = [Exposition.PrometheusMediaType, Exposition.OpenMetricsMediaType]);

        var app = builder.Build();
        app.Services.GetRequiredService<Shoppers>().CatchUp();
        app.UseWhen(http => http.Request.Path.Value is "/metrics" or "/our-side/metrics", metrics => metrics.UseResponseCompression());
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseMiddleware<Edge>();
        app.MapAccounts();
        app.MapCatalogue();
        app.MapPurchases();
        app.MapWebhooks();
        app.MapStatusPage();
        app.MapMetrics();
        app.MapFaults();
        app.MapHostile();
        app.MapGet("/openapi.json", () => Results.Stream(
            typeof(SamplePartnerApp).Assembly.GetManifestResourceStream("openapi.json")!, "application/json"));
        app.MapGet("/", () => "Tunes, a music shop. API: /openapi.json  metrics: /metrics  ours: /our-side/metrics  status: /api/v2/summary.json  faults: /faults\n");
        return app;
    }
}
