using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>Sign-in through the company's identity provider: authorization code with PKCE, state and nonce; identity is issuer and subject, never the mail address alone.</summary>
internal static class OpenIdSignIn
{
    public const string Scheme = "openid-connect";
    public const string StartPath = "/sign-in/openid-connect";

    /// <summary>Adds it when it is configured.</summary>
    public static AuthenticationBuilder AddOpenIdSignIn(this AuthenticationBuilder authentication, PortalOpenIdOptions settings)
    {
        var groups = settings.Check();
        return !settings.Configured ? authentication : authentication.AddOpenIdConnect(Scheme, settings.Name, o =>
        {
            o.SignInScheme = IdentityConstants.ExternalScheme;
            o.Authority = settings.Authority;
            o.ClientId = settings.ClientId;
            o.ClientSecret = settings.ClientSecret;
            o.ResponseType = OpenIdConnectResponseType.Code;
            o.ResponseMode = OpenIdConnectResponseMode.Query;
            o.UsePkce = true;
            o.MapInboundClaims = false;
            o.GetClaimsFromUserInfoEndpoint = true;
            o.SaveTokens = false;
            o.CallbackPath = StartPath + "/answer";
            // The answer comes back by a link, so the strictest cookies that survive one are enough, and they work without HTTPS on localhost.
            o.CorrelationCookie.SameSite = o.NonceCookie.SameSite = SameSiteMode.Lax;
            o.CorrelationCookie.SecurePolicy = o.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // Only a provider on this machine may be spoken to in the clear.
            o.RequireHttpsMetadata = !(Uri.TryCreate(settings.Authority, UriKind.Absolute, out var authority) && authority.IsLoopback);
            o.Scope.Add("email");
            o.TokenValidationParameters.ValidateIssuer = true;
            o.ClaimActions.MapJsonKey(settings.GroupClaim, settings.GroupClaim);
            o.ClaimActions.MapJsonKey("email_verified", "email_verified");
            o.Events.OnTicketReceived = context => ReceiveAsync(context, settings, groups);
            o.Events.OnRemoteFailure = RefuseAsync;
        });
    }

    /// <summary>The address behind the button.</summary>
    public static IResult Start(string? returnUrl) =>
        Results.Challenge(new() { RedirectUri = ReturnPath.Safe(returnUrl) }, [Scheme]);

    private static async Task ReceiveAsync(TicketReceivedContext context, PortalOpenIdOptions settings, GroupRoles groups)
    {
        var claims = context.Principal!;
        var services = context.HttpContext.RequestServices;
        context.HandleResponse();
        var (subject, issuer, email) = (claims.FindFirstValue("sub"), claims.FindFirst("sub")?.Issuer, claims.FindFirstValue("email"));
        if (subject is null || issuer is null || email is null || string.Equals(claims.FindFirstValue("email_verified"), "false", StringComparison.OrdinalIgnoreCase))
        {
            Answer(context, "unverified");
            return;
        }

        if (groups.For(claims.FindAll(settings.GroupClaim).Select(c => c.Value)) is not { } role)
        {
            Answer(context, "groups");
            return;
        }

        try
        {
            var person = await services.GetRequiredService<PersonStore>().FromProviderAsync(
                new(issuer, subject, email, claims.FindFirstValue("email_verified") is { } v && bool.TryParse(v, out var verified) && verified, claims.FindFirstValue("name")),
                role, groups.Decide, context.HttpContext.RequestAborted);
            var signIn = services.GetRequiredService<PortalSignIn>();
            signIn.How = settings.Name;
            await signIn.SignInAsync(person, isPersistent: true);
            context.Response.Redirect(ReturnPath.Safe(context.ReturnUri));
        }
        catch (Exception e) when (e is RuleBroken or FieldsRefused)
        {
            services.GetRequiredService<ILogger<PortalOpenIdOptions>>().LogInformation("{Subject} of {Issuer} was refused: {Reason}", subject, issuer, e.Message);
            Answer(context, "refused");
        }
    }

    private static Task RefuseAsync(RemoteFailureContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<ILogger<PortalOpenIdOptions>>()
            .LogWarning("The identity provider's answer was refused: {Reason}", context.Failure?.Message);
        context.HandleResponse();
        context.Response.Redirect("/sign-in?problem=provider");
        return Task.CompletedTask;
    }

    private static void Answer(TicketReceivedContext context, string problem) => context.Response.Redirect("/sign-in?problem=" + problem);
}

/// <summary>Where to go after signing in: only paths of this portal.</summary>
internal static class ReturnPath
{
    /// <summary>The path, or the first page when it leads elsewhere.</summary>
    public static string Safe(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal)
        && !path.Any(char.IsControl) && Uri.IsWellFormedUriString(path, UriKind.Relative) ? path : "/";
}
