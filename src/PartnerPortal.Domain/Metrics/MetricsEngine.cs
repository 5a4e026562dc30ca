using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>
/// A bigger engine that keeps samples instead of the portal's own blocks: VictoriaMetrics, Mimir, Thanos or Prometheus, written by
/// remote write 1.0 and read by the Prometheus HTTP API.
/// </summary>
/// <param name="QueryUrl">Where its HTTP API begins, with or without <c>/api/v1</c> at the end.</param>
/// <param name="WriteUrl">Where remote write goes, whole.</param>
/// <param name="Token">Sent as a bearer token with both; null sends none.</param>
/// <param name="Tenant">Sent as <c>X-Scope-OrgID</c> with both, as Mimir and Thanos ask for; null sends none.</param>
/// <param name="Queue">For how long samples wait for an engine that does not take them, before they go into the portal's own blocks.</param>
public sealed record MetricsEngine(Uri QueryUrl, Uri WriteUrl, string? Token, string? Tenant, TimeSpan Queue)
{
    /// <summary>The setting that chooses: <c>postgresql</c>, which is the portal itself, or <c>prometheus</c>.</summary>
    public const string Setting = "Portal__Metrics__Engine";

    /// <summary>The setting for <see cref="QueryUrl"/>.</summary>
    public const string QueryUrlSetting = "Portal__Metrics__Prometheus__QueryUrl";

    /// <summary>The setting for <see cref="WriteUrl"/>.</summary>
    public const string WriteUrlSetting = "Portal__Metrics__Prometheus__WriteUrl";

    /// <summary>The setting for <see cref="Token"/>.</summary>
    public const string TokenSetting = "Portal__Metrics__Prometheus__Token";

    /// <summary>The setting for <see cref="Tenant"/>.</summary>
    public const string TenantSetting = "Portal__Metrics__Prometheus__Tenant";

    /// <summary>The setting for <see cref="Queue"/>.</summary>
    public const string QueueSetting = "Portal__Metrics__Prometheus__Queue";

    private static readonly TimeSpan UsualQueue = TimeSpan.FromHours(24);
    private static readonly TimeSpan ShortestQueue = TimeSpan.FromHours(3);

    /// <summary>Reads the settings; null when the portal keeps samples itself.</summary>
    /// <param name="setting">The value of a setting, by its name with colons, as configuration spells it.</param>
    /// <exception cref="FormatException">A setting is missing or cannot be read; the sentence names it.</exception>
    public static MetricsEngine? Read(Func<string, string?> setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        switch (setting("Portal:Metrics:Engine")?.Trim())
        {
            case null or "" or "postgresql":
                return null;
            case "prometheus":
                break;
            case var other:
                throw new FormatException($"{Setting} is “{other}”. Write postgresql (the portal keeps samples itself) or prometheus.");
        }

        var token = setting("Portal:Metrics:Prometheus:Token")?.Trim();
        var tenant = setting("Portal:Metrics:Prometheus:Tenant")?.Trim();
        return new(
            Address(QueryUrlSetting, setting("Portal:Metrics:Prometheus:QueryUrl")), Address(WriteUrlSetting, setting("Portal:Metrics:Prometheus:WriteUrl")),
            string.IsNullOrEmpty(token) ? null : Header(TokenSetting, token), string.IsNullOrEmpty(tenant) ? null : Header(TenantSetting, tenant),
            Wait(setting("Portal:Metrics:Prometheus:Queue")));
    }

    private static Uri Address(string name, string? text) => string.IsNullOrWhiteSpace(text)
        ? throw new FormatException($"{name} is not set. {Setting}=prometheus needs the addresses to read from and to write to.")
        : Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url
            : throw new FormatException($"{name} is not an address that begins with http:// or https:// and has no password in it: {text.Trim()}.");

    private static string Header(string name, string text) =>
        text.AsSpan().ContainsAnyExceptInRange('!', '~') ? throw new FormatException($"{name} holds a character that no header may hold.") : text;

    private static TimeSpan Wait(string? text) => string.IsNullOrWhiteSpace(text) ? UsualQueue
        : !PromDuration.TryRead(text.Trim(), out var wait) ? throw new FormatException($"{QueueSetting} is not a duration: {text.Trim()}. Write it like 24h.")
        : wait < ShortestQueue ? throw new FormatException($"{QueueSetting} must be at least {PromDuration.Show(ShortestQueue)}: pushed samples wait for more than an hour until they are in order.")
        : wait;
}
