using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Contacts;

public sealed class ContactEndpointsTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private readonly PortalApp _app = portal.App;
    private HttpClient _engineer = null!;
    private string _contacts = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await portal.Database.Clock.MoveToAsync(new(2026, 11, 23, 2, 12, 0, TimeSpan.Zero));
        _engineer = await _app.SignedInAsync(Role.Engineer);
        var slug = "p" + Guid.NewGuid().ToString("N")[..20];
        await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Tunes, Ltd", slug }, Cancel);
        _contacts = $"/api/v1/partners/{slug}/contacts";
    }

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_field_comes_back_with_how_it_is_there_now()
    {
        var answer = await _engineer.PostAsJsonAsync(_contacts, new
        {
            side = "partner",
            name = "Åsa",
            role = "on call",
            phone = "+46812345678",
            email = "a@example.com",
            timeZone = "Europe/Stockholm",
            hours = "mon-fri 09:00-17:00",
            language = "sv",
            notes = "customer id 4711",
            order = 1,
        }, Cancel);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(_contacts + "/asa", answer.Headers.Location!.ToString());

        var got = await ReadAsync("/asa");
        Assert.Equal(
            ["partner", "person", "Åsa", "on call", "+46812345678", "a@example.com", "Europe/Stockholm", "mon-fri 09:00-17:00", "sv", "customer id 4711"],
            new[] { "side", "kind", "name", "role", "phone", "email", "timeZone", "hours", "language", "notes" }.Select(f => got.GetProperty(f).GetString()));
        Assert.Equal(1, got.GetProperty("order").GetInt32());
        var now = got.GetProperty("now");
        Assert.Equal("2026-11-23T03:12:00+01:00", now.GetProperty("localTime").GetString());
        Assert.Equal("away", now.GetProperty("presence").GetString());
        Assert.Equal("2026-11-23T09:00:00+01:00", now.GetProperty("next").GetString());
        Assert.True(now.GetProperty("asleep").GetBoolean());
    }

    [Fact]
    public async Task A_contact_needs_a_side_and_a_name_and_bad_fields_are_named()
    {
        var answer = await _engineer.PostAsJsonAsync(_contacts, new { phone = "0812345", timeZone = "CET+1", hours = "late" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors");
        Assert.Equal(["hours", "name", "phone", "side", "timeZone"], errors.EnumerateObject().Select(e => e.Name).Order());
        Assert.Equal(HttpStatusCode.Created, (await _engineer.PostAsJsonAsync(_contacts, new { side = "ours", name = "Li" }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Attempts_confirmations_and_removals_are_verbs()
    {
        await EnterAsync("Bo");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("/bo/attempts", new { outcome = "busy" })).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("/bo/attempts", new { outcome = "wrong-number" })).StatusCode);
        var tried = await ReadAsync("/bo");
        Assert.Equal("wrong number", tried.GetProperty("lastAttempt").GetProperty("outcome").GetString());
        Assert.Equal("engineer@example.com", tried.GetProperty("lastAttempt").GetProperty("by").GetString());
        Assert.Equal(JsonValueKind.Null, tried.GetProperty("confirmedAt").ValueKind);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/bo/confirm")).StatusCode);
        Assert.Equal("engineer@example.com", (await ReadAsync("/bo")).GetProperty("confirmedBy").GetString());

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/bo/remove")).StatusCode);
        Assert.Equal(0, (await ReadAsync("")).GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await ReadAsync("?removed=true")).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("/bo/confirm")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/bo/restore")).StatusCode);
        Assert.Equal(1, (await ReadAsync("?side=partner")).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/nobody/confirm")).StatusCode);
    }

    [Fact]
    public async Task The_order_is_changed_by_place()
    {
        await EnterAsync("A");
        await EnterAsync("B");
        await EnterAsync("C");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/c/order", new { order = 1 })).StatusCode);
        Assert.Equal(["C", "A", "B"], (await ReadAsync("")).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("/c/order", new { order = 0 })).StatusCode);
    }

    [Fact]
    public async Task A_stale_change_is_refused_with_what_is_stored()
    {
        await EnterAsync("Bo");
        var read = await _engineer.GetAsync(_contacts + "/bo", Cancel);
        using var first = Patch(new { role = "desk lead" }, read.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await _engineer.SendAsync(first, Cancel)).StatusCode);
        using var second = Patch(new { role = "other" }, read.Headers.ETag!.ToString());
        var stale = await _engineer.SendAsync(second, Cancel);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal("desk lead", (await stale.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("current").GetProperty("role").GetString());
    }

    [Fact]
    public async Task Contacts_leave_as_cards_and_as_a_table()
    {
        await PostAsync("", new { side = "partner", name = "Bo", phone = "+46812345678", notes = "=1+1" });
        await PostAsync("", new { side = "ours", name = "Li" });

        var all = await _engineer.GetAsync(_contacts + ".vcf", Cancel);
        Assert.Equal("text/vcard", all.Content.Headers.ContentType!.MediaType);
        var cards = await all.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(2, cards.Split("BEGIN:VCARD").Length - 1);
        Assert.Contains("ORG:Tunes\\, Ltd\r\n", cards, StringComparison.Ordinal);

        var one = await _engineer.GetStringAsync(_contacts + "/bo.vcf", Cancel);
        Assert.Contains("tel:+46812345678\r\n", one, StringComparison.Ordinal);
        Assert.DoesNotContain("Li", one, StringComparison.Ordinal);

        var table = await _engineer.GetStringAsync(_contacts + ".csv", Cancel);
        Assert.StartsWith("side,order,kind,name", table, StringComparison.Ordinal);
        Assert.DoesNotContain(",=1+1", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_reads_and_changes_nothing()
    {
        await EnterAsync("Bo");
        using var viewer = await _app.SignedInAsync(Role.Viewer);
        Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(_contacts, Cancel)).StatusCode);
        foreach (var verb in new[] { "", "/bo/attempts", "/bo/confirm", "/bo/order", "/bo/remove", "/bo/restore" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync(_contacts + verb, new { }, Cancel)).StatusCode);
        }

        using var guest = await _app.SignedInAsync(Role.Guest);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.GetAsync(_contacts, Cancel)).StatusCode);
    }

    private Task<HttpResponseMessage> EnterAsync(string name) => PostAsync("", new { side = "partner", name });

    private Task<HttpResponseMessage> PostAsync(string path, object? body = null) => _engineer.PostAsJsonAsync(_contacts + path, body ?? new { }, Cancel);

    private Task<JsonElement> ReadAsync(string path) => _engineer.GetFromJsonAsync<JsonElement>(_contacts + path, Cancel);

    private HttpRequestMessage Patch(object body, string version) =>
        new(HttpMethod.Patch, _contacts + "/bo") { Content = JsonContent.Create(body), Headers = { { "If-Match", version } } };
}
