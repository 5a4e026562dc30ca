using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using PartnerPortal.Data;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>Who may come in, and how the portal knows them.</summary>
public static class AccessRegistration
{
    /// <summary>The scheme of every request: a token when it brings one, else the cookie.</summary>
    private const string Chosen = "portal";

    /// <summary>Adds people, sign-in and the one authorization policy for every right.</summary>
    public static IServiceCollection AddPortalAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AdminOptions>().Bind(configuration.GetSection("Portal:Admin"));
        services.AddOptions<PortalOpenIdOptions>().Bind(configuration.GetSection("Portal:OpenIdConnect"));
        services.AddHttpContextAccessor();
        services.AddSingleton<SignInLimits>();
        services.AddScoped<SessionCookie>();
        services.AddScoped<AuthenticationStateProvider, LivePerson>();
        services.AddSchemes(configuration.GetSection("Portal:OpenIdConnect").Get<PortalOpenIdOptions>() ?? new());
        services.AddPeople();
        services.AddRights();
        return services;
    }

    private static void AddSchemes(this IServiceCollection services, PortalOpenIdOptions openId)
    {
        var authentication = services.AddAuthentication(Chosen);
        authentication.AddPolicyScheme(Chosen, null, o => o.ForwardDefaultSelector =
            http => TokenAuthentication.Brings(http.Request) ? TokenAuthentication.Name : IdentityConstants.ApplicationScheme);
        authentication.AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Name, null);
        authentication.AddIdentityCookies();
        authentication.AddOpenIdSignIn(openId);
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.Cookie.Name = "portal";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = "/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.ExpireTimeSpan = Session.Longest;
            cookie.SlidingExpiration = false;
            cookie.EventsType = typeof(SessionCookie);
        });
    }

    private static void AddPeople(this IServiceCollection services)
    {
        services.AddIdentityCore<PortalUser>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                identity.Lockout.AllowedForNewUsers = false; // SignInLimits counts tries instead, and locks nobody out for good
                identity.Tokens.AuthenticatorTokenProvider = nameof(AuthenticatorCodes);
                identity.Password.RequiredLength = PasswordRule.Shortest;
                identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireNonAlphanumeric = identity.Password.RequireUppercase = false;
            })
            .AddPortalStores()
            .AddUserManager<PortalPeople>()
            .AddSignInManager<PortalSignIn>()
            .AddPasswordValidator<GoodPassword>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<AuthenticatorCodes>(nameof(AuthenticatorCodes));
        services.AddSingleton<AuthenticatorCodes>();
    }

    private static void AddRights(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, RightHandler>();
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(OwnAccountAttribute.Policy, policy => policy.RequireAuthenticatedUser().RequireClaim(PortalClaims.Session));
        foreach (var right in Enum.GetValues<Right>())
        {
            authorization.AddPolicy(NeedsAttribute.PolicyOf(right), policy => policy.RequireAuthenticatedUser().AddRequirements(new RightRequirement(right)));
        }
    }
}
