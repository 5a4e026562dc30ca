using System.Net;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.IntegrationTests.Access;

public sealed class OpenIdConnectTests(OpenIdConnectTests.Company company) : IClassFixture<OpenIdConnectTests.Company>
{
    private readonly OpenIdProvider _provider = company.Provider;
    private readonly WebApplicationFactory<HostDatabase> _app = company.Portal;
    private readonly TestDatabase _database = company.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_new_comes_in_with_the_highest_role_of_their_groups()
    {
        Be("s-1", "mo@example.com", groups: ["all", "ops", "heads"]);
        var (client, answer) = await SignInAsync();
        Assert.Equal("/partners", answer.Headers.Location?.ToString());
        Assert.Contains("\"role\":\"manager\"", await client.GetStringAsync("/api/v1/me", Cancel), StringComparison.Ordinal);
        Assert.Equal("OpenID Connect", await _database.AskAsync<string>("SELECT how FROM access.sessions WHERE person_name = 'mo@example.com'"));
    }

    [Fact]
    public async Task A_known_persons_role_follows_their_groups_at_the_next_sign_in()
    {
        Be("s-2", "ona@example.com", groups: ["heads"]);
        await SignInAsync();
        Be("s-2", "ona.renamed@example.com", groups: ["ops"]);
        var (client, _) = await SignInAsync();
        var me = await client.GetStringAsync("/api/v1/me", Cancel);
        Assert.Contains("\"role\":\"operator\"", me, StringComparison.Ordinal);
        Assert.Contains("ona@example.com", me, StringComparison.Ordinal);
        Assert.Equal(1, await _database.AskAsync<long>("SELECT count(*) FROM access.people WHERE email LIKE 'ona%'"));
    }

    [Theory]
    [InlineData("groups", new[] { "strangers" }, "true")]
    [InlineData("unverified", new[] { "ops" }, "false")]
    public async Task Without_a_mapped_group_or_a_verified_address_nobody_comes_in(string problem, string[] groups, string verified)
    {
        Be("s-3", "no@example.com", groups, verified);
        var (_, answer) = await SignInAsync();
        Assert.Equal("/sign-in?problem=" + problem, answer.Headers.Location?.ToString());
        Assert.Equal(0, await _database.AskAsync<long>("SELECT count(*) FROM access.people WHERE email = 'no@example.com'"));
    }

    [Fact]
    public async Task A_disabled_person_does_not_come_in()
    {
        Be("s-4", "off@example.com", ["ops"]);
        await SignInAsync();
        await _database.RunAsync("UPDATE access.people SET disabled_at = portal.now() WHERE email = 'off@example.com'");
        var (_, answer) = await SignInAsync();
        Assert.Equal("/sign-in?problem=refused", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_refused()
    {
        Be("s-5", "li@example.com", ["ops"]);
        _provider.Lie = token => token.SetClaim(OpenIddictConstants.Claims.Private.Issuer, "https://evil.example/");
        await ExpectRefusedAsync("li@example.com");
    }

    [Fact]
    public async Task A_token_with_another_nonce_is_refused()
    {
        Be("s-6", "lo@example.com", ["ops"]);
        _provider.Lie = token => token.SetClaim(OpenIddictConstants.Claims.Nonce, "of another sign-in");
        await ExpectRefusedAsync("lo@example.com");
    }

    [Fact]
    public async Task An_answer_without_the_state_of_this_browser_is_refused()
    {
        Be("s-7", "xi@example.com", ["ops"]);
        var started = _app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        using var start = await started.GetAsync("/sign-in/openid-connect", Cancel);
        using var provider = await _provider.Client.GetAsync(start.Headers.Location, Cancel);
        var other = _app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        using var answer = await other.GetAsync(provider.Headers.Location, Cancel);
        Assert.Equal("/sign-in?problem=provider", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task The_sign_in_page_offers_the_provider()
    {
        await company.App.PersonAsync(Domain.Access.Role.Viewer);
        var page = await _app.CreateClient().GetStringAsync("/", Cancel);
        Assert.Contains("Sign in with OpenID Connect", page, StringComparison.Ordinal);
    }

    private void Be(string subject, string email, string[] groups, string verified = "true")
    {
        _provider.Lie = null;
        _provider.Person["sub"] = [subject];
        _provider.Person["email"] = [email];
        _provider.Person["email_verified"] = [verified];
        _provider.Person["name"] = [email.Split('@')[0]];
        _provider.Person["groups"] = groups;
    }

    private async Task ExpectRefusedAsync(string email)
    {
        var (_, answer) = await SignInAsync();
        Assert.Equal("/sign-in?problem=provider", answer.Headers.Location?.ToString());
        Assert.Equal(0, await _database.AskAsync<long>("SELECT count(*) FROM access.people WHERE email = $1", email));
    }

    private async Task<(HttpClient Client, HttpResponseMessage Answer)> SignInAsync()
    {
        var client = _app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = true });
        using var start = await client.GetAsync("/sign-in/openid-connect?returnUrl=/partners", Cancel);
        Assert.Equal(HttpStatusCode.Found, start.StatusCode);
        Assert.Contains("code_challenge=", start.Headers.Location!.Query, StringComparison.Ordinal);
        using var provider = await _provider.Client.GetAsync(start.Headers.Location, Cancel);
        Assert.Equal(HttpStatusCode.Found, provider.StatusCode);
        return (client, await client.GetAsync(provider.Headers.Location, Cancel));
    }

    /// <summary>A portal whose company has an identity provider.</summary>
    public sealed class Company(TestKit.TestServer server) : SharedPortal(server)
    {
        internal OpenIdProvider Provider { get; private set; } = null!;

        internal WebApplicationFactory<HostDatabase> Portal { get; private set; } = null!;

        public override async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            await Database.UseRealTimeAsync(); // the provider's tokens are of this moment
            Provider = await OpenIdProvider.StartAsync();
            App = new PortalApp(Database, movableClock: false, new Dictionary<string, string>
            {
                ["Portal:OpenIdConnect:Authority"] = OpenIdProvider.Authority,
                ["Portal:OpenIdConnect:ClientId"] = OpenIdProvider.ClientId,
                ["Portal:OpenIdConnect:ClientSecret"] = OpenIdProvider.ClientSecret,
                ["Portal:OpenIdConnect:Groups:manager"] = "leads, heads",
                ["Portal:OpenIdConnect:Groups:operator"] = "ops",
            });
            Portal = App.WithWebHostBuilder(web => web.ConfigureTestServices(services =>
                services.Configure<OpenIdConnectOptions>("openid-connect", o => o.BackchannelHttpHandler = Provider.Handler)));
        }

        public override async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Provider.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
