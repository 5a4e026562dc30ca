using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using PartnerPortal.Data.Access;

namespace PartnerPortal.Web.Access;

/// <summary>Programs: <c>Authorization: Bearer ppk_…</c>.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, TokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string Name = "token";
    private const string Bearer = "Bearer ";

    /// <summary>Whether a request brings a token rather than a cookie.</summary>
    public static bool Brings(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Brings(Request))
        {
            return AuthenticateResult.NoResult();
        }

        var secret = Request.Headers.Authorization.ToString()[Bearer.Length..].Trim();
        return await tokens.FindAsync(secret, Context.RequestAborted) is { } actor
            ? AuthenticateResult.Success(new(PortalClaims.OfToken(actor, Name), Name))
            : AuthenticateResult.Fail("The token is unknown, was revoked, or has run out.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer realm=\"PartnerPortal\", error=\"invalid_token\"";
        return Task.CompletedTask;
    }
}
