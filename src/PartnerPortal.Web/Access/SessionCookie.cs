using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Access;

/// <summary>The cookie only names a session. On every request the session decides who this is, so an ended session or a changed role counts at once.</summary>
internal sealed class SessionCookie(SessionStore sessions) : CookieAuthenticationEvents
{
    private static readonly string[] Files = ["/css", "/js", "/lib", "/_content", "/favicon.svg"];

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        // Style sheets and scripts are the same for everybody: no question to the database.
        if (Files.Any(f => context.Request.Path.StartsWithSegments(f)))
        {
            context.RejectPrincipal();
            return;
        }

        if (context.Principal?.SessionId() is { } id && await sessions.FindAsync(id, context.HttpContext.RequestAborted) is { } row)
        {
            context.ReplacePrincipal(PortalClaims.Of(row));
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) => RefuseAsync(context, StatusCodes.Status401Unauthorized);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        // A guest has pages of their own and is led to them.
        if (context.HttpContext.User.ToActor() is { Role: Role.Guest, PartnerId: not null } && HttpMethods.IsGet(context.Request.Method) && !IsForPrograms(context.Request.Path))
        {
            context.Response.Redirect("/guest");
            return Task.CompletedTask;
        }

        // Pages say it in their own frame; programs get the bare status, which becomes a problem document.
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static bool IsForPrograms(PathString path) => ApiProblems.IsApi(path) || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/_blazor");

    private static Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (IsForPrograms(context.Request.Path))
        {
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"PartnerPortal\"";
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }
}
