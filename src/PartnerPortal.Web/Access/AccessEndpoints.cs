using Microsoft.AspNetCore.Identity;
using PartnerPortal.Data.Access;

namespace PartnerPortal.Web.Access;

/// <summary>What pages of signing in and of the own account call: signing out, passkeys, the identity provider.</summary>
public static class AccessEndpoints
{
    /// <summary>A stranger who asks for the first page gets the sign-in page, or the set-up page of an empty portal, there and not after a detour.</summary>
    public static void UseStrangersWelcome(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.Request.Path == "/" && http.User.Identity?.IsAuthenticated != true)
        {
            http.Request.Path = await http.RequestServices.GetRequiredService<PersonStore>().AnyAsync(http.RequestAborted) ? "/sign-in" : "/set-up";
        }

        await next();
    });

    /// <summary>Maps what is neither a page nor the API.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", SignOutAsync).NeedsOwnAccount().NeedsFormToken().ExcludeFromDescription();
        routes.MapPost("/sign-in/passkey", AskForPasskeyAsync).AllowAnonymous().NeedsFormToken().ExcludeFromDescription();
        routes.MapPost("/account/passkey", OfferPasskeyAsync).NeedsOwnAccount().NeedsFormToken().ExcludeFromDescription();
        if (routes.ServiceProvider.GetRequiredService<Microsoft.Extensions.Options.IOptions<PortalOpenIdOptions>>().Value.Configured)
        {
            routes.MapGet(OpenIdSignIn.StartPath, (string? returnUrl) => OpenIdSignIn.Start(returnUrl)).AllowAnonymous().ExcludeFromDescription();
        }
    }

    /// <summary>Maps people, invitations, tokens and sessions of the API.</summary>
    public static void MapAccessApi(this IEndpointRouteBuilder api)
    {
        api.MapMe();
        api.MapPeople();
        api.MapInvitations();
        api.MapTokens();
        api.MapSessions();
    }

    private static async Task<IResult> SignOutAsync(PortalSignIn signIn)
    {
        await signIn.SignOutAsync();
        return Results.LocalRedirect("/sign-in");
    }

    private static async Task<IResult> AskForPasskeyAsync(PortalSignIn signIn) =>
        Results.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");

    private static async Task<IResult> OfferPasskeyAsync(PortalSignIn signIn, PortalPeople people, HttpContext http)
    {
        if (await people.GetUserAsync(http.User) is not { } person)
        {
            return Results.Unauthorized();
        }

        var options = await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity
        {
            Id = person.Id.ToString(),
            Name = person.Email!,
            DisplayName = person.DisplayName,
        });
        return Results.Content(options, "application/json");
    }
}
