using System.Globalization;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Actions;

namespace PartnerPortal.Web.Actions;

/// <summary>What somebody types about an action, before rules look at it.</summary>
public sealed class ActionForm
{
    public string? Text { get; set; }
    public string? Owner { get; set; }
    public Side Side { get; set; }
    public string? Due { get; set; }

    /// <summary>The form filled with what is stored.</summary>
    public static ActionForm Of(ActionItem item) => new()
    {
        Text = item.Text,
        Owner = item.Owner,
        Side = item.Side,
        Due = item.Due?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    /// <summary>As the rules take it. An emptied field is meant to be empty.</summary>
    public ActionDraft Draft() => new(Text ?? "", Owner ?? "", Words.Of(Side), Due ?? "");
}
