using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Audit;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Access;

public sealed class SessionTests(SharedPortal portal) : IClassFixture<SharedPortal>
{
    private readonly PortalApp _app = portal.App;
    private readonly TestDatabase _database = portal.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_ended_session_is_refused_on_the_next_request()
    {
        var admin = await _app.SignedInAsync(Role.Administrator);
        var engineer = await _app.SignedInAsync(Role.Engineer, "eda");
        Assert.Equal(HttpStatusCode.OK, (await engineer.GetAsync("/api/v1/me", Cancel)).StatusCode);
        var sessions = await admin.GetFromJsonAsync<JsonNode>("/api/v1/sessions", Cancel);
        var hers = sessions!["items"]!.AsArray().Single(s => s!["email"]!.GetValue<string>() == "eda@example.com")!;
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsync($"/api/v1/sessions/{hers["id"]}/end", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await engineer.GetAsync("/api/v1/me", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await engineer.GetAsync("/partners", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_passkey_that_is_added_or_removed_stands_in_the_audit_log()
    {
        var person = await _app.PersonAsync(Role.Engineer, "pia");
        await using var scope = _app.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        scope.ServiceProvider.GetRequiredService<PersonWriting>().By(new(person.Id, person.Email!, person.Role));
        var user = (await people.FindByIdAsync(person.Id.ToString()))!;
        var key = new UserPasskeyInfo([1, 2, 3], [4], _database.Clock.GetUtcNow(), 0, null, true, true, true, [5], [6]) { Name = "Pia's laptop" };
        await people.AddOrUpdatePasskeyAsync(user, key);
        await people.RemovePasskeyAsync(user, key.CredentialId);

        var rows = await _database.Get<AuditStore>().AfterAsync(new(Text: "laptop"), null, 10, TestDatabase.Ana with { Role = Role.Administrator }, Cancel);
        Assert.Equal(["removed", "added"], rows.Select(r => r.Action));
        Assert.All(rows, r => Assert.Equal(("pia@example.com", "passkey"), (r.By, r.Kind)));
    }

    [Fact]
    public async Task A_disabled_person_is_out_and_an_enabled_one_signs_in_anew()
    {
        var client = await _app.SignedInAsync(Role.Operator, "olga");
        var id = (await _app.PersonAsync(Role.Operator, "olga")).Id;
        var people = _database.Get<PersonStore>();
        await people.ChangeAsync(id, new(Disabled: true), TestDatabase.Ana, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _app.SignedInAsync(Role.Operator, "olga"));
        await people.ChangeAsync(id, new(Disabled: false), TestDatabase.Ana, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await (await _app.SignedInAsync(Role.Operator, "olga")).GetAsync("/api/v1/me", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_changed_role_counts_on_the_next_request()
    {
        var client = await _app.SignedInAsync(Role.Engineer, "rene");
        var id = (await _app.PersonAsync(Role.Engineer, "rene")).Id;
        await _database.Get<PersonStore>().ChangeAsync(id, new(Role: "viewer"), TestDatabase.Ana, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync("/api/v1/partners", new { name = "No" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/partners", Cancel)).StatusCode);
    }

    [Fact]
    public async Task People_end_their_own_sessions_and_no_one_elses()
    {
        var one = await _app.SignedInAsync(Role.Viewer, "vera");
        var other = await _app.SignedInAsync(Role.Viewer, "vito");
        var foreign = await _database.AskAsync<Guid>("SELECT id FROM access.sessions WHERE person_name = 'vito@example.com'");
        Assert.Equal(HttpStatusCode.NotFound, (await one.PostAsync($"/api/v1/sessions/{foreign}/end", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await other.PostAsync($"/api/v1/sessions/{foreign}/end", null, Cancel)).StatusCode);
        var mine = await one.GetFromJsonAsync<JsonNode>("/api/v1/sessions", Cancel);
        Assert.All(mine!["items"]!.AsArray(), s => Assert.Equal("vera@example.com", s!["email"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_idle_session_runs_out()
    {
        var client = await _app.SignedInAsync(Role.Viewer, "idle");
        await _database.Clock.MoveAsync(Session.Idle - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
        await _database.Clock.MoveAsync(Session.Idle);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_last_administrator_cannot_step_down_not_even_two_at_once()
    {
        var (one, two) = ((await _app.PersonAsync(Role.Administrator, "first")).Id, (await _app.PersonAsync(Role.Administrator, "second")).Id);
        await _database.RunAsync("UPDATE access.people SET disabled_at = portal.now() WHERE role = 'administrator' AND id NOT IN ($1, $2)", one, two);
        var people = _database.Get<PersonStore>();
        async Task<bool> StepsDownAsync(Guid id)
        {
            try
            {
                await people.ChangeAsync(id, new(Role: "viewer"), TestDatabase.Ana, Cancel);
                return true;
            }
            catch (RuleBroken)
            {
                return false;
            }
        }

        var stepped = await Task.WhenAll(StepsDownAsync(one), StepsDownAsync(two));
        Assert.Single(stepped, s => s);
        await _database.RunAsync("UPDATE access.people SET disabled_at = NULL");
    }

    [Fact]
    public async Task The_audit_log_shows_who_changed_a_person_but_no_secret()
    {
        var id = (await _app.PersonAsync(Role.Viewer, "audited")).Id;
        await _database.Get<PersonStore>().ChangeAsync(id, new(Role: "manager"), TestDatabase.Ana, Cancel);
        Assert.Equal("""{"role": "manager"}""", await _database.AskAsync<string>("SELECT after::text FROM audit.entries WHERE subject_id = $1 AND action = 'changed' AND actor_name = 'ana@example.com'", id));
        var added = await _database.AskAsync<string>("SELECT after::text FROM audit.entries WHERE subject_id = $1 AND action = 'added'", id);
        Assert.Contains("\"passwordHash\": \"•••\"", added, StringComparison.Ordinal);
        Assert.DoesNotContain("securityStamp", added, StringComparison.Ordinal);
        Assert.DoesNotContain("AQAAAA", added, StringComparison.Ordinal);
    }
}
