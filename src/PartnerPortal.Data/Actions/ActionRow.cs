using PartnerPortal.Domain;
using PartnerPortal.Domain.Actions;

namespace PartnerPortal.Data.Actions;

/// <summary>An action with where it belongs.</summary>
/// <param name="Item">The action.</param>
/// <param name="Partner">Slug of the partner.</param>
/// <param name="PartnerName">Its name.</param>
/// <param name="PartnerOwner">Who answers for the partner, and so for actions without an owner.</param>
/// <param name="Integration">Slug of the integration.</param>
/// <param name="IntegrationName">Its name.</param>
public sealed record ActionRow(ActionItem Item, string Partner, string PartnerName, string? PartnerOwner, string Integration, string IntegrationName);

/// <summary>What a list of actions is narrowed to; null means any.</summary>
/// <param name="Text">Parts of words of the text.</param>
/// <param name="Owner">Mail address of the owner.</param>
/// <param name="Mine">Mail address of a person: what is theirs, and what has no owner at the partners that they answer for.</param>
/// <param name="Side">Who owes it.</param>
/// <param name="DueBefore">Only what is due before this day.</param>
/// <param name="State">How it stands.</param>
/// <param name="Partner">Slug of a partner.</param>
/// <param name="Integration">Slug of an integration.</param>
public sealed record ActionFilter(
    string? Text = null, string? Owner = null, string? Mine = null, Side? Side = null, DateOnly? DueBefore = null, ActionState? State = null, string? Partner = null, string? Integration = null);

/// <summary>A page of rows and how many there are in all.</summary>
public sealed record ActionPageRow(IReadOnlyList<ActionRow> Rows, int Total);

/// <summary>How many actions wait.</summary>
/// <param name="Open">Open ones of both sides.</param>
/// <param name="OverdueOurs">Overdue ones that we owe.</param>
/// <param name="OverdueTheirs">Overdue ones that partners owe.</param>
public sealed record ActionCount(int Open, int OverdueOurs, int OverdueTheirs);
