using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PartnerPortal.Domain.Access;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Incidents;

/// <summary>From a mail that a mail server hands over to an alert, over HTTP.</summary>
public sealed class MailTests(SharedPortal portal) : IClassFixture<SharedPortal>, IAsyncLifetime
{
    private HttpClient _engineer = null!;
    private HttpClient _server = null!;
    private JsonElement _source;
    private string _partner = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engineer = await portal.App.SignedInAsync(Role.Engineer);
        _server = portal.App.CreateClient();
        _partner = "shop" + Guid.NewGuid().ToString("N")[..10];
        (await _engineer.PostAsJsonAsync("/api/v1/partners", new { name = "Shop", slug = _partner, stage = "live" }, Cancel)).EnsureSuccessStatusCode();
        _source = await (await _engineer.PostAsJsonAsync("/api/v1/alert-sources", new { kind = "mail", partner = _partner }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _engineer.Dispose();
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_problem_and_its_recovery_are_one_alert_that_pages_nobody()
    {
        var problem = Mail("** PROBLEM Service Alert: db-1/Disk is CRITICAL **", "1@nagios");
        Assert.Equal(("accepted", 1), await TakenAsync(problem));
        var alert = (await AlertsAsync()).Single();
        Assert.Equal(("** PROBLEM Service Alert: db-1/Disk is CRITICAL **", "firing", "critical"), (Text(alert, "title"), Text(alert, "state"), Text(alert, "severity")));
        Assert.Equal("working hours", await portal.Database.AskAsync<string>("SELECT urgency FROM incidents.alerts WHERE source_id = $1", Guid.Parse(Text(_source, "id")!)));

        await portal.Database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(("repeat", 1), await TakenAsync(problem));
        Assert.Equal(("accepted", 1), await TakenAsync(problem, key: "named by the server"));
        Assert.Equal(("accepted", 1), await TakenAsync(Mail("** RECOVERY Service Alert: db-1/Disk is OK **", "2@nagios")));
        Assert.Equal("resolved", Text((await AlertsAsync()).Single(), "state"));
    }

    [Fact]
    public async Task What_is_no_mail_or_no_alert_is_refused_with_the_reason_and_kept_without_its_secrets()
    {
        Assert.Contains("not a mail", await RefusedAsync("""{"title":"Queue is full","api_key":"hush"}"""), StringComparison.Ordinal);
        Assert.Contains("automatic answer", await RefusedAsync(Mail("Disk", "3@a", "Auto-Submitted: auto-replied", """I am away. {"password": "hush"}""")), StringComparison.Ordinal);
        Assert.Empty(await AlertsAsync());
        var kept = (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alert-sources/{Text(_source, "id")}/refused", Cancel)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, kept.Count);
        Assert.Contains("I am away.", Text(kept.Single(k => Text(k, "reason")!.Contains("automatic", StringComparison.Ordinal)), "body"), StringComparison.Ordinal);
        Assert.All(kept, k => Assert.DoesNotContain("hush", Text(k, "body"), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(Mail("Disk", "4@a", text: new string('x', 5 * 1024 * 1024)))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync("")).StatusCode);
    }

    [Fact]
    public async Task A_pasted_mail_is_tried_and_nothing_is_stored()
    {
        var tried = await _engineer.PostAsJsonAsync($"/api/v1/alert-sources/{Text(_source, "id")}/try", new { body = Mail("Re: [FIRING:1] Queue is full", "5@a", "X-Priority: 1") }, Cancel);
        var signal = (await tried.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("signals")[0];
        Assert.Equal(("[FIRING:1] Queue is full", "queue is full", "critical", "monitor@tunes.example"), (Text(signal, "title"), Text(signal, "dedupKey"), Text(signal, "severity"), Text(signal.GetProperty("labels"), "from")));
        Assert.Empty(await AlertsAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _engineer.PostAsJsonAsync($"/api/v1/alert-sources/{Text(_source, "id")}/try", new { body = "hello" }, Cancel)).StatusCode);
    }

    private static string Mail(string subject, string id, string header = "X-Mailer: monitor", string text = "1 % is left.") =>
        $"From: Monitor <monitor@tunes.example>\r\nTo: alerts@example.com\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\nDate: Mon, 02 Mar 2026 08:51:00 +0000\r\n{header}\r\n\r\n{text}\r\n";

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private async Task<(string? Status, int Alerts)> TakenAsync(string mail, string? key = null)
    {
        var answer = await (await SendAsync(mail, key)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return (Text(answer, "status"), answer.GetProperty("alerts").GetInt32());
    }

    private async Task<string> RefusedAsync(string mail)
    {
        var answer = await SendAsync(mail);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }

    private Task<HttpResponseMessage> SendAsync(string mail, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Text(_source, "url")!).AbsolutePath) { Content = new StringContent(mail, Encoding.UTF8, "message/rfc822") };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return _server.SendAsync(request, Cancel);
    }

    private async Task<IReadOnlyList<JsonElement>> AlertsAsync() => [.. (await _engineer.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?partner={_partner}", Cancel)).GetProperty("items").EnumerateArray()];
}
