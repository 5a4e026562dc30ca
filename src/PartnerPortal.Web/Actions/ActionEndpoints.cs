using System.Globalization;
using System.Security.Claims;
using PartnerPortal.Data.Actions;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Actions;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Actions;

/// <summary>What a list of actions can be asked for; null means any.</summary>
/// <param name="Q">Parts of words of the text.</param>
/// <param name="Owner">Mail address of the owner.</param>
/// <param name="Side">ours or partner.</param>
/// <param name="Due">overdue, week, or the last day like 2026-12-31.</param>
/// <param name="State">open, done or dropped; overdue ones are open.</param>
/// <param name="Partner">Slug of a partner.</param>
/// <param name="Integration">Slug of an integration.</param>
public sealed record ActionQuery(string? Q = null, string? Owner = null, string? Side = null, string? Due = null, string? State = null, string? Partner = null, string? Integration = null)
{
    /// <summary>The filter on a day.</summary>
    /// <exception cref="FieldsRefused">A word is not known.</exception>
    public ActionFilter Filter(DateOnly today)
    {
        var check = new FieldCheck();
        Side? side = string.IsNullOrEmpty(Side) ? null : check.Word("side", Side, Domain.Side.Ours);
        ActionState? state = string.IsNullOrEmpty(State) ? null : check.Word("state", State, ActionState.Open);
        check.ThrowIfRefused();
        return new(Q, Owner, null, side, ActionDue.Before(Due, today), Due == ActionDue.Overdue ? state ?? ActionState.Open : state, Partner, Integration);
    }
}

/// <summary>Actions over HTTP.</summary>
public static class ActionEndpoints
{
    private const int MostExported = 10_000;

    /// <summary>Maps /actions and /partners/{slug}/actions.</summary>
    public static void MapActions(this IEndpointRouteBuilder api)
    {
        var actions = api.MapGroup("/actions").WithTags("Actions");
        actions.MapGet("", ListAsync).Needs(Right.Read).NarrowsToPartner();
        actions.MapGet("/export", ExportAsync).Needs(Right.Read).NarrowsToPartner();
        actions.MapGet("/{id:guid}", async (Guid id, ActionStore store, HttpContext http, CancellationToken cancel) =>
            Show(await store.GetAsync(id, http.User.ToActor(), cancel), http)).Needs(Right.Read).NarrowsToPartner();
        actions.MapPatch("/{id:guid}", ChangeAsync).Needs(Right.Edit).NarrowsToPartner();
        actions.MapPost("/{id:guid}/done", async (Guid id, ActionDone body, ActionStore store, HttpContext http, CancellationToken cancel) =>
            Show(await store.FinishAsync(id, body.Evidence, http.User.ToActor(), cancel), http)).Needs(Right.Edit).NarrowsToPartner();
        actions.MapPost("/{id:guid}/drop", async (Guid id, ActionDropped body, ActionStore store, HttpContext http, CancellationToken cancel) =>
            Show(await store.DropAsync(id, body.Reason, http.User.ToActor(), cancel), http)).Needs(Right.Edit).NarrowsToPartner();
        actions.MapPost("/{id:guid}/reopen", async (Guid id, ActionStore store, HttpContext http, CancellationToken cancel) =>
            Show(await store.ReopenAsync(id, http.User.ToActor(), cancel), http)).Needs(Right.Edit).NarrowsToPartner();

        var ofPartner = api.MapGroup("/partners/{slug}/actions").WithTags("Actions");
        ofPartner.MapGet("", ListOfPartnerAsync).Needs(Right.Read);
        ofPartner.MapPost("", CreateAsync).Needs(Right.Edit);
    }

    private static async Task<ApiList<ActionAnswer>> ListAsync(
        [AsParameters] ActionQuery query, ActionListStore store, ClaimsPrincipal user, CancellationToken cancel, int? limit = null, string? cursor = null)
    {
        var most = ApiPaging.Limit(limit);
        var (due, id) = Place(cursor);
        var rows = await store.AfterAsync(query.Filter(store.Today), due, id, most + 1, user.ToActor(), cancel);
        return ApiPaging.Page(rows, most, r => ActionAnswer.Of(r, store.Today), r => [Day(r.Item.Due), r.Item.Id.ToString()]);
    }

    private static async Task<ApiList<ActionAnswer>> ListOfPartnerAsync(
        string slug, [AsParameters] ActionQuery query, ActionListStore store, PartnerStore partners, ClaimsPrincipal user, CancellationToken cancel, int? limit = null, string? cursor = null)
    {
        _ = await partners.GetAsync(slug, cancel);
        return await ListAsync(query with { Partner = slug }, store, user, cancel, limit, cursor);
    }

    private static async Task<IResult> ExportAsync([AsParameters] ActionQuery query, ActionListStore store, ClaimsPrincipal user, CancellationToken cancel)
    {
        var rows = await store.AfterAsync(query.Filter(store.Today), null, null, MostExported, user.ToActor(), cancel);
        return CsvFile.Answer(
            "actions.csv",
            ["id", "partner", "integration", "text", "owner", "side", "due", "state", "source", "sourceTitle", "evidence", "doneBy", "doneAt", "createdBy", "createdAt"],
            rows.Select(r => (IReadOnlyList<string?>)
            [
                r.Item.Id.ToString(), r.Partner, r.Integration, r.Item.Text, r.Item.Owner, Words.Of(r.Item.Side), Day(r.Item.Due), Words.Of(r.Item.State), Words.Of(r.Item.Source.Kind),
                r.Item.Source.Title, r.Item.Evidence, r.Item.DoneBy, CsvFile.Time(r.Item.DoneAt), r.Item.CreatedBy, CsvFile.Time(r.Item.CreatedAt),
            ]));
    }

    private static async Task<IResult> CreateAsync(
        string slug, ActionDraft body, ActionStore store, HttpContext http, CancellationToken cancel, string integration = Integration.MainSlug)
    {
        var row = await store.CreateAsync(slug, integration, body, http.User.ToActor(), cancel);
        return Results.Created($"/api/v1/actions/{row.Item.Id}", Show(row, http));
    }

    private static async Task<ActionAnswer> ChangeAsync(Guid id, ActionDraft body, ActionStore store, HttpContext http, CancellationToken cancel)
    {
        try
        {
            return Show(await store.ChangeAsync(id, body, http.Request.NeedVersion(), http.User.ToActor(), cancel), http);
        }
        catch (ChangedMeanwhile changed) when (changed.Current is ActionRow current)
        {
            throw new ChangedMeanwhile(ActionAnswer.Of(current, http.RequestServices.GetRequiredService<ActionListStore>().Today));
        }
    }

    private static ActionAnswer Show(ActionRow row, HttpContext http)
    {
        http.Response.WriteVersion(row.Item.Version);
        return ActionAnswer.Of(row, http.RequestServices.GetRequiredService<ActionListStore>().Today);
    }

    private static (DateOnly? Due, Guid? Id) Place(string? cursor)
    {
        if (ApiPaging.Place(cursor, 2) is not { } place)
        {
            return (null, null);
        }

        DateOnly? due = place[0] is null ? null : DateOnly.TryParseExact(place[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw ApiPaging.Strange();
        return (due, Guid.TryParse(place[1], out var id) ? id : throw ApiPaging.Strange());
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
