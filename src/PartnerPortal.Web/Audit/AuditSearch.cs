using Microsoft.AspNetCore.Components;
using PartnerPortal.Data.Audit;
using PartnerPortal.Domain;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Audit;

/// <summary>What the history of a partner and the whole audit log share: the filters in the address, and one page of rows.</summary>
public abstract class AuditSearch : PortalPage
{
    private const int PageSize = 50;

    /// <summary>The rows to show; null while they are loaded.</summary>
    protected IReadOnlyList<AuditRow>? Rows { get; private set; }

    /// <summary>The cursor of the next, older page; null at the end.</summary>
    protected string? Older { get; private set; }

    /// <summary>Every kind of thing that the log knows.</summary>
    protected IReadOnlyList<string> Kinds { get; private set; } = [];

    /// <summary>Why nothing could be searched; null when all is well.</summary>
    protected string? Refusal { get; private set; }

    [SupplyParameterFromQuery] protected string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "by")] protected string? Who { get; set; }

    [SupplyParameterFromQuery] protected string? Q { get; set; }

    [SupplyParameterFromQuery] protected string? From { get; set; }

    [SupplyParameterFromQuery] protected string? To { get; set; }

    [SupplyParameterFromQuery] protected string? Cursor { get; set; }

    /// <summary>The partner that the page is narrowed to; null for all.</summary>
    protected abstract string? OfPartner { get; }

    /// <summary>What stands in the address.</summary>
    protected AuditQuery Query => new(OfPartner, Kind, Who, Q, From, To, PageSize, Cursor);

    /// <summary>Whether anything narrows the list.</summary>
    protected bool Narrowed => new[] { Kind, Who, Q, From, To, Cursor }.Any(v => !string.IsNullOrEmpty(v));

    [Inject] private AuditStore Log { get; set; } = default!;

    /// <summary>Loads the page of rows that the address asks for.</summary>
    protected async Task SearchAsync()
    {
        (Refusal, Kinds) = (null, await Log.KindsAsync(Gone));
        try
        {
            var after = ApiPaging.Place(Cursor, 1) is [{ } last] && Guid.TryParse(last, out var id) ? id : (Guid?)null;
            var rows = await Log.AfterAsync(Query.Filter(), after, PageSize + 1, By, Gone);
            Rows = [.. rows.Take(PageSize)];
            Older = rows.Count > PageSize ? ApiPaging.Cursor(Rows[^1].Id.ToString()) : null;
        }
        catch (Exception e) when (e is FieldsRefused or NotThere)
        {
            (Rows, Older, Refusal) = ([], null, e.Message);
        }
    }

    /// <summary>The address of this page with one filter changed.</summary>
    protected string Link(string name, string? value) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["cursor"] = null,
        [name] = string.IsNullOrEmpty(value) ? null : value,
    });

    /// <summary>The same rows as a file.</summary>
    protected string CsvLink => "/api/v1/audit/export.csv" + QueryString.Create(new Dictionary<string, string?>
    {
        ["partner"] = OfPartner,
        ["kind"] = Kind,
        ["by"] = Who,
        ["q"] = Q,
        ["from"] = From,
        ["to"] = To,
    }.Where(p => !string.IsNullOrEmpty(p.Value)));
}
