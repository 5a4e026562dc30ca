using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Escalation;

public sealed class EscalationEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly PortalApp _app = portal.App;
    private HttpClient _operator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _operator = await _app.SignedInAsync(Role.Operator);

    public ValueTask DisposeAsync()
    {
        _operator.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task From_contact_to_policy_to_who_would_be_called()
    {
        (await _operator.PostAsJsonAsync("/api/v1/partners", new { name = "Tunes", slug = "tunes" }, Cancel)).EnsureSuccessStatusCode();
        (await _operator.PostAsJsonAsync("/api/v1/partners/tunes/contacts", new { side = "partner", name = "Åsa", phone = "+46812345678", timeZone = "Europe/Stockholm", hours = "mon-fri 09:00-17:00" }, Cancel)).EnsureSuccessStatusCode();
        var put = await _operator.PutAsJsonAsync(
            "/api/v1/escalation-policies/night",
            new { steps = new object[] { new { delay = "0s", targets = new object[] { new { person = "ana@example.com" } } }, new { delay = "15m", targets = new object[] { new { contact = "tunes/asa" } } } }, repeat = 2 },
            Cancel);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var policy = await _operator.GetFromJsonAsync<JsonElement>("/api/v1/escalation-policies/night", Cancel);
        Assert.Equal("""[{"delay":"0s","targets":[{"person":"ana@example.com"}]},{"delay":"15m","targets":[{"contact":"tunes/asa"}]}]""", policy.GetProperty("steps").GetRawText());
        var linked = await _operator.PatchAsJsonAsync("/api/v1/partners/tunes/integrations/main", new { escalationPolicy = "night" }, Cancel);
        Assert.Equal("night", (await linked.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("escalationPolicy").GetString());

        var who = await _operator.GetFromJsonAsync<JsonElement>("/api/v1/partners/tunes/who?at=2026-11-24T03:03:00%2B01:00", Cancel);

        Assert.Equal("night", who.GetProperty("policy").GetString());
        Assert.Equal(["ana@example.com", "Åsa"], who.GetProperty("people").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        var asa = who.GetProperty("people")[1];
        Assert.Equal(("15m", "2026-11-24T03:18:00+01:00"), (asa.GetProperty("after").GetString(), asa.GetProperty("localTime").GetString()));
        Assert.Equal("probably asleep, 03:18 Tue there", asa.GetProperty("reasons")[0].GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await _operator.DeleteAsync("/api/v1/escalation-policies/night", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_last_resort_is_always_there_and_cannot_be_emptied_or_removed()
    {
        var list = await _operator.GetFromJsonAsync<JsonElement>("/api/v1/escalation-policies", Cancel);
        Assert.Equal("last-resort", list.GetProperty("items")[0].GetProperty("slug").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await _operator.DeleteAsync("/api/v1/escalation-policies/last-resort", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _operator.PutAsJsonAsync("/api/v1/escalation-policies/last-resort", new { steps = Array.Empty<object>() }, Cancel)).StatusCode);
        var edited = await _operator.PutAsJsonAsync("/api/v1/escalation-policies/last-resort", new { name = "Everybody" }, Cancel);
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
    }

    [Fact]
    public async Task A_field_that_cannot_be_accepted_is_named()
    {
        var answer = await _operator.PutAsJsonAsync("/api/v1/escalation-policies/bad", new { steps = new object[] { new { delay = "soon", targets = new object[] { new { contact = "nowhere" } } } } }, Cancel);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors");
        Assert.Equal(["steps[0].delay", "steps[0].targets[0]"], errors.EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _operator.GetAsync("/api/v1/escalation-policies/last-resort/who?at=soon", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Teams_are_saved_by_operators_and_only_read_by_viewers()
    {
        Assert.Equal(HttpStatusCode.Created, (await _operator.PutAsJsonAsync("/api/v1/teams/ops", new { name = "Operations", members = new[] { "ana@example.com" } }, Cancel)).StatusCode);
        using var viewer = await _app.SignedInAsync(Role.Viewer);

        Assert.Equal("Operations", (await viewer.GetFromJsonAsync<JsonElement>("/api/v1/teams/ops", Cancel)).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PutAsJsonAsync("/api/v1/teams/ops", new { name = "X" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.DeleteAsync("/api/v1/teams/ops", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _operator.DeleteAsync("/api/v1/teams/ops", Cancel)).StatusCode);
    }
}
