using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using PartnerPortal.Domain;
using PartnerPortal.Web.Shared;

namespace PartnerPortal.Web.Access;

/// <summary>What the plain forms of the account pages share.</summary>
internal static class StaticForms
{
    /// <summary>Answers 429 with Retry-After and gives the sentence to show.</summary>
    public static string TooMany(this HttpContext http, TimeSpan wait)
    {
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return $"Too many tries. Try again in {Math.Ceiling(wait.TotalMinutes):0} min, or sign in with a passkey.";
    }

    /// <summary>Refusals of a password as the sentences of its field.</summary>
    public static FormErrors ErrorsOf(this IdentityResult result, string field) =>
        new(new Dictionary<string, string[]> { [field] = [.. result.Errors.Select(e => e.Description).Distinct()] });

    /// <summary>Refusals of the Domain as sentences of fields.</summary>
    public static FormErrors ErrorsOf(this FieldsRefused refused) => new(refused.Errors);

    /// <summary>Refuses a post that does not carry the token of our own forms.</summary>
    public static RouteHandlerBuilder NeedsFormToken(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        return await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)
            ? await next(context)
            : Results.Problem("This form was not made by the portal, or has become old. Load the page again.", statusCode: StatusCodes.Status400BadRequest);
    });
}
