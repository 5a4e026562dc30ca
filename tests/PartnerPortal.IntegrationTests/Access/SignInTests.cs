using System.Net;
using System.Text.RegularExpressions;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Access;

public sealed partial class SignInTests(SharedPortal portal) : IClassFixture<SharedPortal>
{
    private readonly PortalApp _app = portal.App;
    private readonly TestDatabase _database = portal.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_portal_is_set_up_once_by_its_link()
    {
        await _database.RunAsync("DELETE FROM access.people");
        var (first, page) = await OpenAsync("/");
        Assert.Contains("not set up yet", page, StringComparison.Ordinal);
        var secret = await _database.Get<InvitationStore>().SetUpLinkAsync(Cancel);
        Assert.NotNull(secret);

        (first, page) = await OpenAsync("/set-up/" + secret);
        Assert.Contains("Set up the portal", page, StringComparison.Ordinal);
        var weak = await PostAsync(first, page, "/set-up/" + secret, "accept", ("email", "ana@example.com"), ("name", "Ana"), ("password", "Password1!"));
        Assert.Contains("tried first", await weak.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        var (second, other) = await OpenAsync("/set-up/" + secret);
        var done = await PostAsync(first, page, "/set-up/" + secret, "accept", ("email", "ana@example.com"), ("name", "Ana"), ("password", "Kupfer-Teich-77"));
        Assert.Equal(HttpStatusCode.Found, done.StatusCode);
        Assert.Contains("portal=", string.Join(';', done.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Null(await _database.Get<InvitationStore>().SetUpLinkAsync(Cancel));
        var late = await PostAsync(second, other, "/set-up/" + secret, "accept", ("email", "eve@example.com"), ("name", "Eve"), ("password", "Kupfer-Teich-78"));
        Assert.NotEqual(HttpStatusCode.Found, late.StatusCode);
        Assert.Equal(1, await _database.AskAsync<long>("SELECT count(*) FROM access.people"));
    }

    [Fact]
    public async Task An_invitation_survives_being_looked_at_and_lets_one_person_in()
    {
        var made = await _database.Get<InvitationStore>().InviteAsync(new("li@example.com", "operator"), TestDatabase.Ana, Cancel);
        var address = "/invitation/" + made.Secret;
        for (var i = 0; i < 5; i++)
        {
            Assert.Contains("Join PartnerPortal", (await OpenAsync(address)).Page, StringComparison.Ordinal);
        }

        var (client, page) = await OpenAsync(address);
        var joined = await PostAsync(client, page, address, "accept", ("name", "Li"), ("password", "drei kleine boote"), ("email", "somebody.else@example.com"));
        Assert.Equal(HttpStatusCode.Found, joined.StatusCode);
        Assert.Equal("operator", await _database.AskAsync<string>("SELECT role FROM access.people WHERE email = 'li@example.com'"));
        Assert.Contains("used already", (await OpenAsync(address)).Page, StringComparison.Ordinal);
        Assert.Equal(0, await _database.AskAsync<long>("SELECT count(*) FROM access.invitations AS i WHERE i::text LIKE '%' || $1 || '%'", made.Secret));
    }

    [Fact]
    public async Task A_stranger_and_a_person_with_a_wrong_password_read_the_same()
    {
        await _app.PersonAsync(Role.Viewer, "known");
        Assert.Equal(await TryAsync("known@example.com", "wrong password"), await TryAsync("unknown@example.com", "wrong password"));
    }

    [Fact]
    public async Task Too_many_tries_on_one_account_are_refused_with_the_time_to_wait()
    {
        await _app.PersonAsync(Role.Viewer, "guessed");
        for (var i = 0; i < Web.Access.SignInLimits.PerAccount; i++)
        {
            Assert.Contains("is wrong", await TryAsync("guessed@example.com", "wrong " + i), StringComparison.Ordinal);
        }

        var (client, page) = await OpenAsync("/sign-in");
        var refused = await PostAsync(client, page, "/sign-in", "sign-in", ("email", "guessed@example.com"), ("password", PortalApp.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
        await _database.Clock.MoveAsync(Web.Access.SignInLimits.Window);
        await _app.SignedInAsync(Role.Viewer, "guessed");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task After_signing_in_nobody_is_sent_elsewhere(string to)
    {
        var person = await _app.PersonAsync(Role.Viewer, "returning");
        var address = "/sign-in?returnUrl=" + Uri.EscapeDataString(to);
        var (client, page) = await OpenAsync(address);
        var answer = await PostAsync(client, page, address, "sign-in", ("email", person.Email!), ("password", PortalApp.Password));
        Assert.Equal(new Uri("http://localhost/"), new Uri(new("http://localhost"), answer.Headers.Location!));
    }

    [Fact]
    public async Task Every_page_forbids_framing_foreign_scripts_and_being_kept()
    {
        var client = await _app.SignedInAsync(Role.Administrator, "headers");
        foreach (var path in new[] { "/partners", "/account", "/api/v1/me", "/nothing-here", "/settings/people" })
        {
            using var answer = await client.GetAsync(path, Cancel);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Matches("script-src 'self' 'nonce-[A-Za-z0-9+/=]+';", policy);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Contains("camera=()", answer.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
        }
    }

    [Fact]
    public async Task The_keys_of_cookies_are_sealed_in_the_database()
    {
        await _app.SignedInAsync(Role.Viewer, "sealed");
        Assert.Equal(0, await _database.AskAsync<long>("SELECT count(*) FROM access.cookie_keys WHERE xml LIKE '%<value>%'"));
        Assert.Equal(1, await _database.AskAsync<long>("SELECT count(*) FROM access.cookie_keys WHERE xml LIKE '%<sealed%'"));
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_open_the_live_connection()
    {
        var client = await _app.SignedInAsync(Role.Viewer, "socket");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1") { Headers = { { "Origin", "https://evil.example" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request, Cancel)).StatusCode);
        using var own = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1") { Headers = { { "Origin", "http://localhost" } } };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(own, Cancel)).StatusCode);
    }

    private async Task<string> TryAsync(string email, string password)
    {
        var (client, page) = await OpenAsync("/sign-in");
        var answer = await PostAsync(client, page, "/sign-in", "sign-in", ("email", email), ("password", password));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Problem().Match(await answer.Content.ReadAsStringAsync(Cancel)).Groups[1].Value;
    }

    private async Task<(HttpClient Client, string Page)> OpenAsync(string address)
    {
        // Cookies are carried by hand: a jar would drop those that the test's clock dates into the past.
        var client = _app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        using var answer = await client.GetAsync(address, Cancel);
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies.Select(c => c.Split(';')[0])));
        }

        return (client, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string page, string address, string form, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(
        [
            new("_handler", form),
            new("__RequestVerificationToken", Token().Match(page).Groups[1].Value),
            .. fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)),
        ]);
        return await client.PostAsync(address, content, Cancel);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("role=\"alert\">([^<]+)<")]
    private static partial Regex Problem();
}
