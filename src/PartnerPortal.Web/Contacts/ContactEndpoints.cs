using System.Security.Claims;
using System.Text;
using PartnerPortal.Data.Contacts;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Contacts;

/// <summary>Contacts over HTTP: list, enter, change, order, attempts, confirmation, removal, and as cards.</summary>
public static class ContactEndpoints
{
    private const string CardType = "text/vcard; charset=utf-8";

    /// <summary>Maps /partners/{slug}/contacts.</summary>
    public static void MapContacts(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/partners/{slug}").WithTags("Contacts");
        all.MapGet("/contacts", ListAsync).Needs(Right.Read);
        all.MapPost("/contacts", EnterAsync).Needs(Right.Edit);
        all.MapGet("/contacts.vcf", CardsAsync).Needs(Right.Read);
        all.MapGet("/contacts.csv", CsvAsync).Needs(Right.Read);
        all.MapGet("/contacts/{contact}.vcf", CardAsync).Needs(Right.Read);
        all.MapGet("/contacts/{contact}", GetAsync).Needs(Right.Read);
        all.MapPatch("/contacts/{contact}", ChangeAsync).Needs(Right.Edit);
        all.MapGet("/contacts/{contact}/attempts", AttemptsAsync).Needs(Right.Read);
        all.MapPost("/contacts/{contact}/attempts", AttemptAsync).Needs(Right.Respond);
        all.MapPost("/contacts/{contact}/confirm", ConfirmAsync).Needs(Right.Edit);
        all.MapPost("/contacts/{contact}/order", MoveAsync).Needs(Right.Edit);
        all.MapPost("/contacts/{contact}/remove", RemoveAsync).Needs(Right.Edit);
        all.MapPost("/contacts/{contact}/restore", RestoreAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<ContactAnswer>> ListAsync(
        string slug, ContactStore store, TimeProvider clock, CancellationToken cancel, string? side = null, bool removed = false)
    {
        var check = new FieldCheck();
        Side? only = string.IsNullOrEmpty(side) ? null : check.Word("side", side, Side.Partner);
        check.ThrowIfRefused();
        var sheet = await store.ListAsync(slug, removed, cancel);
        return new([.. sheet.Contacts.Where(c => only is null || c.Side == only).Select(c => ContactAnswer.Of(c, clock.GetUtcNow()))], null);
    }

    private static async Task<IResult> EnterAsync(
        string slug, ContactDraft body, ContactStore store, TimeProvider clock, ClaimsPrincipal user, HttpResponse response, CancellationToken cancel)
    {
        var contact = await store.EnterAsync(slug, body, user.ToActor(), cancel);
        response.WriteVersion(contact.Version);
        return Results.Created($"/api/v1/partners/{slug}/contacts/{contact.Slug}", ContactAnswer.Of(contact, clock.GetUtcNow()));
    }

    private static async Task<ContactAnswer> GetAsync(string slug, string contact, ContactStore store, HttpContext http, CancellationToken cancel) =>
        Show(await store.GetAsync(slug, contact, cancel), http);

    private static async Task<ContactAnswer> ChangeAsync(
        string slug, string contact, ContactDraft body, ContactStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel)
    {
        try
        {
            return Show(await store.ChangeAsync(slug, contact, body, http.Request.ReadVersion(), user.ToActor(), cancel), http);
        }
        catch (ChangedMeanwhile changed) when (changed.Current is Contact current)
        {
            throw new ChangedMeanwhile(ContactAnswer.Of(current, Clock(http).GetUtcNow()));
        }
    }

    private static async Task<ApiList<ContactAttempt>> AttemptsAsync(string slug, string contact, ContactStore store, CancellationToken cancel, int? limit = null) =>
        new(await store.AttemptsAsync(slug, contact, ApiPaging.Limit(limit), cancel), null);

    private static async Task<IResult> AttemptAsync(
        string slug, string contact, NewAttempt body, ContactStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel)
    {
        var check = new FieldCheck();
        var outcome = check.Word("outcome", check.Needed("outcome", body.Outcome, "how the attempt ended: " + string.Join(", ", Words.All<AttemptOutcome>()), 40), AttemptOutcome.Reached);
        check.ThrowIfRefused();
        return Results.Json(Show(await store.AttemptAsync(slug, contact, outcome, user.ToActor(), cancel), http), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<ContactAnswer> ConfirmAsync(string slug, string contact, ContactStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel) =>
        Show(await store.ConfirmAsync(slug, contact, user.ToActor(), cancel), http);

    private static async Task<ContactAnswer> MoveAsync(
        string slug, string contact, NewOrder body, ContactStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel)
    {
        var place = body.Order is { } order and >= 1 ? order : throw new FieldsRefused("order", "Give the place from 1, whom to try first.");
        return Show(await store.MoveAsync(slug, contact, place, user.ToActor(), cancel), http);
    }

    private static async Task<ContactAnswer> RemoveAsync(string slug, string contact, ContactStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel) =>
        Show(await store.RemoveAsync(slug, contact, user.ToActor(), cancel), http);

    private static async Task<ContactAnswer> RestoreAsync(string slug, string contact, ContactStore store, ClaimsPrincipal user, HttpContext http, CancellationToken cancel) =>
        Show(await store.RestoreAsync(slug, contact, user.ToActor(), cancel), http);

    private static async Task<IResult> CardsAsync(string slug, ContactStore store, CancellationToken cancel)
    {
        var sheet = await store.ListAsync(slug, removed: false, cancel);
        return Card(VCard.Write(sheet.Contacts, sheet.PartnerName), $"{slug}-contacts.vcf");
    }

    private static async Task<IResult> CardAsync(string slug, string contact, ContactStore store, CancellationToken cancel)
    {
        var found = await store.GetAsync(slug, contact, cancel);
        var sheet = await store.ListAsync(slug, removed: false, cancel);
        return Card(VCard.Write([found], sheet.PartnerName), $"{slug}-{found.Slug}.vcf");
    }

    private static async Task<IResult> CsvAsync(string slug, ContactStore store, CancellationToken cancel)
    {
        var sheet = await store.ListAsync(slug, removed: false, cancel);
        return CsvFile.Answer(
            $"{slug}-contacts.csv",
            ["side", "order", "kind", "name", "role", "phone", "email", "timeZone", "hours", "language", "notes", "confirmedAt", "lastAttempt", "lastAttemptAt"],
            sheet.Contacts.Select(c => (IReadOnlyList<string?>)
            [
                Words.Of(c.Side), c.Order.ToString(System.Globalization.CultureInfo.InvariantCulture), Words.Of(c.Kind), c.Name, c.Role,
                c.Phone is null ? null : Phone.Shown(c.Phone), c.Email, c.TimeZone, c.Hours, c.Language, c.Notes,
                CsvFile.Time(c.ConfirmedAt), c.LastAttempt is null ? null : Words.Of(c.LastAttempt.Outcome), CsvFile.Time(c.LastAttempt?.At),
            ]));
    }

    private static IResult Card(string text, string name) => Results.File(Encoding.UTF8.GetBytes(text), CardType, name);

    private static ContactAnswer Show(Contact contact, HttpContext http)
    {
        http.Response.WriteVersion(contact.Version);
        return ContactAnswer.Of(contact, Clock(http).GetUtcNow());
    }

    private static TimeProvider Clock(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>();
}
