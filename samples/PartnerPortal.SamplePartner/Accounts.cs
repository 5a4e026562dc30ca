using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PartnerPortal.SamplePartner;

internal sealed record LoginRequest(string? Email, string? Password);

internal sealed record LoginAnswer(string Token, string TokenType, int ExpiresIn);

/// <summary>The one sandbox account and the tokens given out to it.</summary>
internal sealed class Accounts(TimeProvider clock)
{
    public const string SandboxEmail = "sandbox@tunes.example";
    public const string SandboxPassword = "let me listen";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new();

    public LoginAnswer? Login(LoginRequest request)
    {
        if (request.Email != SandboxEmail || request.Password != SandboxPassword)
        {
            return null;
        }
        var now = clock.GetUtcNow();
        foreach (var old in _tokens.Where(token => token.Value <= now))
        {
            _tokens.TryRemove(old);
        }
        var token = "tun_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        _tokens[token] = now + Lifetime;
        return new LoginAnswer(token, "Bearer", (int)Lifetime.TotalSeconds);
    }

    public bool Knows(string? authorization) =>
        authorization is not null
        && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && _tokens.TryGetValue(authorization["Bearer ".Length..].Trim(), out var until)
        && until > clock.GetUtcNow();
}

internal static class AccountsEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/login", (Accounts accounts, LoginRequest request) =>
            accounts.Login(request) is { } answer
                ? Results.Ok(answer)
                : Results.Problem("Email or password is wrong.", statusCode: 401, title: "Not signed in")).WithName("login");

    /// <summary>Lets only calls with a valid bearer token through.</summary>
    public static TBuilder RequireToken<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(async (call, next) =>
        {
            var http = call.HttpContext;
            if (http.RequestServices.GetRequiredService<Accounts>().Knows(http.Request.Headers.Authorization))
            {
                return await next(call);
            }
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.Problem("Sign in at POST /v1/login and send the token as a bearer token.", statusCode: 401, title: "Not signed in");
        });
}
