using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace PartnerPortal.IntegrationTests.Access;

/// <summary>A real OpenID Connect provider (OpenIddict) in this process, which signs in whomever the test says, or lies in one detail.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string Authority = "https://login.example";
    public const string ClientId = "portal";
    public const string ClientSecret = "a secret between the two";

    private readonly WebApplication _app;

    private OpenIdProvider(WebApplication app) => _app = app;

    /// <summary>Who is signed in at the provider.</summary>
    public Dictionary<string, string[]> Person { get; } = [];

    /// <summary>Changes the identity token before it is signed.</summary>
    public Action<ClaimsPrincipal>? Lie { get; set; }

    public HttpMessageHandler Handler => _app.GetTestServer().CreateHandler();

    public HttpClient Client => _app.GetTestClient();

    public static async Task<OpenIdProvider> StartAsync()
    {
        OpenIdProvider? self = null;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseTestServer();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRouting();
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(server => server
            .EnableDegradedMode()
            .SetIssuer(Authority)
            .SetAuthorizationEndpointUris("connect/authorize")
            .SetTokenEndpointUris("connect/token")
            .AllowAuthorizationCodeFlow()
            .RequireProofKeyForCodeExchange()
            .RegisterScopes(Scopes.Profile, Scopes.Email)
            .AddEphemeralEncryptionKey()
            .AddEphemeralSigningKey()
            .AddEventHandler<ValidateAuthorizationRequestContext>(h => h.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }))
            .AddEventHandler<ValidateTokenRequestContext>(h => h.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                {
                    context.Reject(Errors.InvalidClient);
                }

                return default;
            }))
            .AddEventHandler<HandleAuthorizationRequestContext>(h => h.UseInlineHandler(context =>
            {
                context.SignIn(self!.Claims(context.Request.GetScopes()));
                return default;
            }))
            .AddEventHandler<ProcessSignInContext>(h => h
                .UseInlineHandler(context =>
                {
                    if (context.IdentityTokenPrincipal is { } token)
                    {
                        self!.Lie?.Invoke(token);
                    }

                    return default;
                })
                .SetOrder(OpenIddictServerHandlers.GenerateIdentityToken.Descriptor.Order - 1))
            .UseAspNetCore());
        var app = builder.Build();
        self = new(app);
        app.UseAuthentication();
        await app.StartAsync();
        app.GetTestServer().BaseAddress = new(Authority);
        return self;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private ClaimsPrincipal Claims(IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("test");
        foreach (var (type, values) in Person)
        {
            identity.AddClaims(values.Select(v => type == OpenIddictConstants.Claims.EmailVerified ? new Claim(type, v, ClaimValueTypes.Boolean) : new Claim(type, v)));
        }

        identity.SetScopes(scopes);
        identity.SetDestinations(_ => [Destinations.IdentityToken]);
        return new(identity);
    }
}
