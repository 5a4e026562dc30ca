using System.Globalization;
using PartnerPortal.Data.Actions;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Actions;

namespace PartnerPortal.Web.Actions;

/// <summary>An action as the API shows it.</summary>
/// <param name="Owner">Who of ours sees to it; null means the partner's owner.</param>
/// <param name="Side">Who owes it.</param>
/// <param name="Due">Last day in time.</param>
/// <param name="Overdue">Whether it is open after that day.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Evidence">What proves that it is done, or why it was dropped.</param>
/// <param name="Url">Its page.</param>
/// <param name="Version">Send it back as If-Match.</param>
public sealed record ActionAnswer(
    Guid Id, string Partner, string Integration, string Text, string? Owner, Side Side, DateOnly? Due, bool Overdue, ActionState State, ActionSource Source,
    string Evidence, string? DoneBy, DateTimeOffset? DoneAt, string CreatedBy, DateTimeOffset CreatedAt, string Url, string Version)
{
    /// <summary>The answer for a row on a day.</summary>
    public static ActionAnswer Of(ActionRow row, DateOnly today)
    {
        var item = row.Item;
        return new(
            item.Id, row.Partner, row.Integration, item.Text, item.Owner, item.Side, item.Due, item.IsOverdue(today), item.State, item.Source,
            item.Evidence, item.DoneBy, item.DoneAt, item.CreatedBy, item.CreatedAt, $"/actions/{item.Id}", item.Version.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>What POST …/done takes.</summary>
/// <param name="Evidence">What proves it: text or links.</param>
public sealed record ActionDone(string? Evidence);

/// <summary>What POST …/drop takes.</summary>
/// <param name="Reason">Why nobody needs to do it.</param>
public sealed record ActionDropped(string? Reason);
