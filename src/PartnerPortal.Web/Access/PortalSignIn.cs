using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PartnerPortal.Data.Access;

namespace PartnerPortal.Web.Access;

/// <summary>Identity's sign-in, with the portal's sessions: every sign-in makes one, and the cookie names only that.</summary>
public sealed class PortalSignIn(
    PortalPeople people, IHttpContextAccessor http, IUserClaimsPrincipalFactory<PortalUser> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<PortalUser>> log, IAuthenticationSchemeProvider schemes, IUserConfirmation<PortalUser> confirmation,
    SessionStore sessions, IPasswordHasher<PortalUser> hasher)
    : SignInManager<PortalUser>(people, http, claims, options, log, schemes, confirmation)
{
    private static readonly PortalUser Stranger = new();
    private static string? _strangersHash;

    /// <summary>How the person signs in, for the list of sessions.</summary>
    public string How { get; set; } = "password";

    /// <summary>Checks mail address and password. Takes as long for a stranger as for a person, so that the time tells nothing.</summary>
    public async Task<SignInResult> PasswordAsync(string email, string password)
    {
        var person = password.Length > Domain.Access.PasswordRule.Longest ? null : await UserManager.FindByNameAsync(email.Trim());
        if (person?.PasswordHash is null || person.DisabledAt is not null)
        {
            _strangersHash ??= hasher.HashPassword(Stranger, "nobody's password");
            hasher.VerifyHashedPassword(Stranger, _strangersHash, password);
            return SignInResult.Failed;
        }

        return await PasswordSignInAsync(person, password, isPersistent: true, lockoutOnFailure: false);
    }

    /// <inheritdoc/>
    public override Task<bool> CanSignInAsync(PortalUser user) => Task.FromResult(user.DisabledAt is null);

    /// <inheritdoc/>
    public override async Task SignInWithClaimsAsync(PortalUser user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        var session = await sessions.BeginAsync(
            user.Id, user.Email!, How, Context.Connection.RemoteIpAddress?.ToString(), Context.Request.Headers.UserAgent.ToString(), Context.RequestAborted);
        await EnterAsync(user, session);
    }

    /// <summary>Gives the browser the cookie of a session that begins with this answer.</summary>
    public async Task EnterAsync(PortalUser user, Domain.Access.Session session)
    {
        var principal = PortalClaims.Of(new(session.Id, user.Id, user.Email!, user.DisplayName, user.Role, user.PartnerId, user.TimeZone));
        await Context.SignInAsync(AuthenticationScheme, principal, new AuthenticationProperties { IsPersistent = true, ExpiresUtc = session.Until });
        Context.User = principal;
    }

    /// <inheritdoc/>
    public override async Task SignOutAsync()
    {
        if (Context.User.SessionId() is { } session)
        {
            await sessions.EndAsync(session, Context.User.ToActor(), Context.RequestAborted);
        }

        await base.SignOutAsync();
    }
}
