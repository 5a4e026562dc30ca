using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class MetricsEngineTests
{
    private const string Query = "http://victoria:8428";
    private const string Write = "http://victoria:8428/api/v1/write";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("postgresql")]
    public void Without_the_setting_the_portal_keeps_samples_itself(string? engine) => Assert.Null(Read(engine));

    [Fact]
    public void Addresses_token_and_queue_are_read()
    {
        var engine = Read("prometheus", Query, Write, " secret ", "acme", "12h")!;
        Assert.Equal((new Uri(Query), new Uri(Write), "secret", "acme", TimeSpan.FromHours(12)), (engine.QueryUrl, engine.WriteUrl, engine.Token, engine.Tenant, engine.Queue));
        Assert.Equal((null, null, TimeSpan.FromHours(24)), (Read("prometheus", Query, Write)!.Token, Read("prometheus", Query, Write)!.Tenant, Read("prometheus", Query, Write)!.Queue));
    }

    [Theory]
    [InlineData("graphite", Query, Write, null, null, "Portal__Metrics__Engine is “graphite”. Write postgresql (the portal keeps samples itself) or prometheus.")]
    [InlineData("prometheus", null, Write, null, null, "Portal__Metrics__Prometheus__QueryUrl is not set.")]
    [InlineData("prometheus", Query, "victoria:8428", null, null, "Portal__Metrics__Prometheus__WriteUrl is not an address that begins with http")]
    [InlineData("prometheus", "http://me:pass@victoria", Write, null, null, "has no password in it")]
    [InlineData("prometheus", Query, Write, "a b", null, "Portal__Metrics__Prometheus__Token holds a character that no header may hold.")]
    [InlineData("prometheus", Query, Write, null, "soon", "Portal__Metrics__Prometheus__Queue is not a duration: soon. Write it like 24h.")]
    [InlineData("prometheus", Query, Write, null, "1h", "Portal__Metrics__Prometheus__Queue must be at least 3h")]
    public void What_cannot_be_used_is_named_with_its_setting(string engine, string? query, string write, string? token, string? queue, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => Read(engine, query, write, token, null, queue)).Message, StringComparison.Ordinal);

    private static MetricsEngine? Read(string? engine, string? query = null, string? write = null, string? token = null, string? tenant = null, string? queue = null) => MetricsEngine.Read(name => name.Replace(":", "__", StringComparison.Ordinal) switch
    {
        MetricsEngine.Setting => engine,
        MetricsEngine.QueryUrlSetting => query,
        MetricsEngine.WriteUrlSetting => write,
        MetricsEngine.TokenSetting => token,
        MetricsEngine.TenantSetting => tenant,
        MetricsEngine.QueueSetting => queue,
        _ => null,
    });
}
