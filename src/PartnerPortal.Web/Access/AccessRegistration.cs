using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PartnerPortal.Data;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>Who may come in, and how the portal knows them.</summary>
public static class AccessRegistration
{
    /// <summary>Adds people, sign-in and the one authorization policy for every right.</summary>
    public static IServiceCollection AddPortalAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AdminOptions>().Bind(configuration.GetSection("Portal:Admin"));
        services.AddHttpContextAccessor();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.ExpireTimeSpan = TimeSpan.FromDays(7);
        });
        services.AddIdentityCore<PortalUser>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                identity.Password.RequiredLength = 8;
                identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireNonAlphanumeric = identity.Password.RequireUppercase = false;
            })
            .AddPortalStores()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        services.AddScoped<IUserClaimsPrincipalFactory<PortalUser>, PersonClaims>();
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var right in Enum.GetValues<Right>())
        {
            authorization.AddPolicy(NeedsAttribute.PolicyOf(right), policy => policy.RequireAuthenticatedUser().RequireAssertion(c => c.User.May(right)));
        }

        return services;
    }

    /// <summary>A stranger who asks for the first page gets the sign-in page there, not a detour.</summary>
    public static void UseStrangersWelcome(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Path == "/" && http.User.Identity?.IsAuthenticated != true)
        {
            http.Request.Path = "/sign-in";
        }

        return next();
    });

    /// <summary>Maps what is not a page.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/sign-out", async (SignInManager<PortalUser> signIn) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/");
        }).Needs(Right.SignedIn);

    /// <summary>Makes sure that what every start promises is there: the configured administrator.</summary>
    public static async Task PrepareAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var admin = scope.ServiceProvider.GetRequiredService<IOptions<AdminOptions>>().Value;
        if (admin is not { Email.Length: > 0, Password.Length: > 0 })
        {
            return;
        }

        var people = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        if (await people.FindByEmailAsync(admin.Email) is null)
        {
            var made = await people.CreateAsync(
                new PortalUser { Id = Guid.CreateVersion7(), UserName = admin.Email, Email = admin.Email, EmailConfirmed = true, DisplayName = "Administrator", Role = Role.Administrator },
                admin.Password);
            if (!made.Succeeded)
            {
                throw new InvalidOperationException("Portal__Admin__Email and Portal__Admin__Password were not accepted: " + string.Join(' ', made.Errors.Select(e => e.Description)));
            }
        }
    }

    private sealed class PersonClaims(UserManager<PortalUser> people, IOptions<IdentityOptions> options)
        : UserClaimsPrincipalFactory<PortalUser>(people, options)
    {
        protected override async Task<ClaimsIdentity> GenerateClaimsAsync(PortalUser user)
        {
            var identity = await base.GenerateClaimsAsync(user);
            identity.AddClaim(new Claim(PortalClaims.Role, Words.Of(user.Role)));
            if (user.PartnerId is { } partner)
            {
                identity.AddClaim(new Claim(PortalClaims.Partner, partner.ToString()));
            }

            return identity;
        }
    }
}

/// <summary>The administrator that the configuration asks for (Portal__Admin__Email, __Password, __ApiToken).</summary>
public sealed class AdminOptions
{
    /// <summary>Mail address to sign in with.</summary>
    public string? Email { get; set; }

    /// <summary>Password, used when the person is made.</summary>
    public string? Password { get; set; }

    /// <summary>A token that always works with every right.</summary>
    public string? ApiToken { get; set; }
}
