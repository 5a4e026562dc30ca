using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.IntegrationTests.Incidents;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.IntegrationTests.Shell;

/// <summary>The examples of the API document: each is sent to its own operation, as somebody would who tries one after the other.</summary>
public sealed class ApiExampleTests(SnsPortal portal) : IClassFixture<SnsPortal>, IAsyncLifetime
{
    private const string Sources = "POST /api/v1/alert-sources";
    private const string Intake = "POST /api/v1/intake/{kind}/{token}";
    private const string Policies = "PUT /api/v1/escalation-policies/{slug}";
    private const string Services = "PUT /api/v1/services/{slug}";
    private const string Channels = "POST /api/v1/me/channels";
    private const string Overrides = "POST /api/v1/schedules/{slug}/overrides";

    // What others name comes first.
    private static readonly string[] _order =
    [
        "POST /api/v1/partners", "POST /api/v1/partners/{slug}/contacts", "POST /api/v1/partners/{slug}/maintenance", "PUT /api/v1/teams/{slug}", "PUT /api/v1/schedules/{slug}", Overrides,
        Services, Channels, "PUT /api/v1/me/notification-habits", Policies, "POST /api/v1/silences", "POST /api/v1/inhibitions", Sources, Intake, Intake + "/{path}",
        "POST /api/v1/intake/heartbeat/{token}", "POST /v2/enqueue", "POST /v2/alerts", "POST /v2/alerts/{path}", "POST /api/v1/intake/service/{token}",
    ];

    private readonly Dictionary<string, string> _tokens = [];
    private HttpClient _operator = null!;
    private IReadOnlyList<Example> _examples = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _operator = await portal.App.SignedInAsync(Role.Operator, "ana");
        await portal.App.PersonAsync(Role.Operator, "bo");
        await portal.App.PersonAsync(Role.Engineer, "li");
        var document = (await _operator.GetFromJsonAsync<JsonObject>("/openapi/v1.json", Cancel))!;
        _examples = [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().SelectMany(verb => Of(verb.Key.ToUpperInvariant(), path.Key, verb.Value!)))];
    }

    public ValueTask DisposeAsync()
    {
        _operator.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_example_is_accepted_by_its_own_operation()
    {
        Assert.Equal(_order.Order(), _examples.Select(e => e.Operation).Distinct().Order());
        List<string> refused = [];
        foreach (var example in _examples.OrderBy(e => Array.IndexOf(_order, e.Operation)))
        {
            if (example is { Operation: Intake, Name: "sns" })
            {
                await SendSignedAsync(example);
                continue;
            }

            var answer = await SendAsync(example, example.Value.ToString());
            var said = await answer.Content.ReadAsStringAsync(Cancel);
            if (!answer.IsSuccessStatusCode || said.Contains("\"alerts\":0", StringComparison.Ordinal))
            {
                refused.Add($"{example.Operation} {example.Name}: {(int)answer.StatusCode} {said}");
            }
            else if (example.Operation == Sources)
            {
                _tokens[example.Name] = (string)JsonNode.Parse(said)!["token"]!;
            }
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused));
        await portal.SettleAsync(Cancel);
        Assert.NotEmpty((await _operator.GetFromJsonAsync<JsonObject>("/api/v1/incidents?partner=tunes", Cancel))!["items"]!.AsArray());
    }

    [Fact]
    public void Every_file_of_examples_reaches_the_document() => Assert.Equal(
        ApiExamples.All.SelectMany(o => o.Value.Keys.Select(name => $"{o.Key} {name}")).Order(), _examples.Select(e => $"{e.Operation} {e.Name}").Order());

    [Fact]
    public void Every_kind_has_an_example()
    {
        Assert.Equal(Words.All<AlertSourceKind>().Order(), KindsOf(Sources));
        Assert.Equal(Words.All<AlertSourceKind>().Except(["heartbeat"]).Order(), Named(Intake).Select(e => e.Parameters["kind"]).Order());
        Assert.Equal(
            Words.All<TargetKind>().Order(),
            Named(Policies).SelectMany(e => e.Value["steps"]!.AsArray()).SelectMany(s => s!["targets"]!.AsArray()).SelectMany(t => t!.AsObject().Select(p => p.Key)).Distinct().Order());
        Assert.Equal(Words.All<ChannelKind>().Order(), KindsOf(Services));
        Assert.Equal(Words.All<ChannelKind>().Except(["pagerduty", "opsgenie"]).Order(), KindsOf(Channels));
        Assert.Equal(Words.All<OverrideKind>().Order(), KindsOf(Overrides));
    }

    private IEnumerable<Example> Named(string operation) => _examples.Where(e => e.Operation == operation);

    private IEnumerable<string> KindsOf(string operation) => Named(operation).Select(e => (string)e.Value["kind"]!).Order();

    // Only Amazon can sign it: as it stands it is refused for its signature alone, and signed by the test's own Amazon it is taken.
    private async Task SendSignedAsync(Example example)
    {
        var refused = await SendAsync(example, example.Value.ToJsonString());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("is not Amazon's", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var taken = await SendAsync(example, portal.Sign(example.Value.DeepClone().AsObject()).ToJsonString());
        Assert.Contains("\"alerts\":1", await taken.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(Example example, string body)
    {
        var token = await TokenAsync(example);
        var (method, path) = example.Operation.Split(' ') is [var verb, var template] ? (new HttpMethod(verb), template) : default;
        var address = example.Parameters.Append(new("token", token)).Aggregate(path, (at, p) => at.Replace($"{{{p.Key}}}", p.Value, StringComparison.Ordinal));
        var request = new HttpRequestMessage(method, address) { Content = new StringContent(body.Replace("{token}", token, StringComparison.Ordinal), Encoding.UTF8, example.MediaType) };
        if (address.StartsWith("/v2/alerts", StringComparison.Ordinal))
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"GenieKey {token}");
        }

        return await _operator.SendAsync(request, Cancel);
    }

    private async Task<string> TokenAsync(Example example)
    {
        if (example.Operation.EndsWith("/intake/service/{token}", StringComparison.Ordinal))
        {
            var made = await _operator.PostAsync($"/api/v1/services/payments-on-{example.Name}/report-address", null, Cancel);
            return ((string)(await made.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["url"]!).Split('/')[^1];
        }

        var kind = example.Parameters.GetValueOrDefault("kind") ?? (example.Operation.Contains("heartbeat", StringComparison.Ordinal) ? "heartbeat" : example.Operation == "POST /v2/enqueue" ? "pagerduty" : "opsgenie");
        return _tokens.GetValueOrDefault(kind, "");
    }

    private static IEnumerable<Example> Of(string verb, string path, JsonNode operation) =>
        from media in operation["requestBody"]?["content"]?.AsObject() ?? []
        from example in media.Value!["examples"]?.AsObject() ?? []
        select new Example($"{verb} {path}", example.Key, media.Key, example.Value!["value"]!, ParametersOf(operation, example.Key));

    private static Dictionary<string, string> ParametersOf(JsonNode operation, string example) => (operation["parameters"]?.AsArray() ?? [])
        .Where(p => p!["examples"]?[example] is not null).ToDictionary(p => (string)p!["name"]!, p => (string)p!["examples"]![example]!["value"]!);

    private sealed record Example(string Operation, string Name, string MediaType, JsonNode Value, IReadOnlyDictionary<string, string> Parameters);
}
