using System.Xml.Linq;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.Web.Incidents;

/// <summary>
/// What somebody presses during a call about an incident: the telephone provider posts it to the signed link that the call carried (Twilio's Gather,
/// https://www.twilio.com/docs/voice/twiml/gather) and reads out the answer. Whoever got the call acts; 1 takes the incident.
/// </summary>
internal static class KeypadEndpoint
{
    private const string Take = "1";
    private const int LargestPost = 16 * 1024;

    /// <summary>Maps /i/{token}/keypad.</summary>
    public static void MapKeypad(this IEndpointRouteBuilder routes) => routes.MapPost("/i/{token}/keypad", PressAsync).AllowAnonymous().WithTags("Incidents");

    private static async Task<IResult> PressAsync(string token, HttpContext http, IncidentLinks links, IncidentListStore lists, IncidentStore incidents, TimeProvider clock, CancellationToken cancel)
    {
        if (links.Read(token, clock.GetUtcNow()) is not { } link || http.Request.ContentLength is null or > LargestPost || !http.Request.HasFormContentType)
        {
            return Nothing();
        }

        try
        {
            return !await lists.MayOpenAsync(link.Person, cancel) ? Nothing()
                : (await http.Request.ReadFormAsync(cancel))["Digits"] == Take
                    ? Say(Outcome(await incidents.AcknowledgeAsync(link.Incident, new(null, link.Person, Role.Operator, "phone"), cancel), link.Person))
                    : Say("That is not one. Nobody took the incident by this call.");
        }
        catch (Exception e) when (e is NotThere or InvalidDataException)
        {
            return Nothing();
        }
        catch (RuleBroken over)
        {
            return Say(over.Message);
        }
        catch (Exception e) when (DatabaseAway.Is(e))
        {
            return Say("The portal cannot write it down just now, so nobody has it. Open the message that was sent to you.");
        }
    }

    // With a body: a page in its place would be no answer to a telephone provider.
    private static IResult Nothing() => Results.Text("This link does not open anything.", statusCode: StatusCodes.Status404NotFound);

    private static string Outcome(Incident incident, string person) => incident.AcknowledgedBy == person
        ? "You have it. Open the message that was sent to you for everything else."
        : $"{incident.AcknowledgedBy} already has it. You can sleep on.";

    private static IResult Say(string words) => Results.Text(new XElement("Response", new XElement("Say", words)).ToString(SaveOptions.DisableFormatting), "text/xml");
}
