using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Reviews;

/// <summary>A guest's page of a review: their items only. It looks again whether the invitation still holds before each save and each read.</summary>
public abstract class GuestDesk : AnswerDesk
{
    [Inject] private ReviewInvitationStore Invitations { get; set; } = default!;

    [CascadingParameter] private Task<AuthenticationState> Who { get; set; } = default!;

    /// <summary>How the guest came here.</summary>
    protected GuestReviewRow? Invited { get; private set; }

    /// <summary>The invitation was taken back or has run out.</summary>
    protected bool Ended { get; private set; }

    /// <summary>The sections with the guest's items.</summary>
    protected IReadOnlyList<ChecklistSection> Sections { get; private set; } = [];

    /// <summary>Who the other side is, as a guest is told: the company, never a name.</summary>
    protected string Company => CompanyOf(Invited?.InvitedBy);

    /// <inheritdoc/>
    protected override ChecklistItem? Focused => ItemKey is { } key ? Sections.SelectMany(s => s.Items).FirstOrDefault(i => i.Key == key) : null;

    /// <inheritdoc/>
    protected override IEnumerable<ChecklistItem> ShownItems => Sections.SelectMany(s => s.Items).Where(Shows);

    /// <inheritdoc/>
    protected override string? ReadOnlyReason => Open?.Sheet.Review.Decision is not null ? "This review is concluded; its answers are frozen." : null;

    /// <summary>Whether only unanswered items are shown.</summary>
    protected bool OnlyOpen => Show == "unanswered";

    /// <summary>Whether an item is listed; the focused one always stays.</summary>
    protected bool Shows(ChecklistItem item) => !OnlyOpen || item.Key == Focused?.Key || Open!.StateOf(item.Key) == AnswerState.NotAnswered;

    /// <inheritdoc/>
    protected override string LinkTo(string? item) => LinkTo(item, OnlyOpen);

    /// <summary>The address of this page with another item or filter.</summary>
    protected string LinkTo(string? item, bool onlyOpen)
    {
        string[] parts = [.. item is null ? [] : new[] { "item=" + item }, .. onlyOpen ? new[] { "show=unanswered" } : []];
        return $"/guest/reviews/{Id}" + (parts.Length == 0 ? "" : "?" + string.Join('&', parts));
    }

    /// <summary>The company behind a mail address, as its domain.</summary>
    public static string CompanyOf(string? email) => email?.Split('@') is [_, { Length: > 0 } domain] ? domain : "The other side";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        if (By.Role != Role.Guest)
        {
            Navigation.NavigateTo(By.May(Right.Read) ? $"/reviews/{Id}" : "/");
            return;
        }

        Invited = (await Invitations.OfGuestAsync(By, Gone)).FirstOrDefault(r => r.Id == Id);
        if (Invited is null)
        {
            Ended = true;
            return;
        }

        try
        {
            Open = new OpenReview(Reviews, await Reviews.GetAsync(Id, By, Gone), DatabaseAway.Is);
        }
        catch (NotThere)
        {
            Ended = true;
            return;
        }

        TakeSheet();
        TakeFocus();
        OnReviewChanges(change => change.Kind is "review invitation" || (change.Kind is "evidence file" && change.PartnerId == By.PartnerId));
    }

    /// <inheritdoc/>
    protected override void TakeSheet() => Sections = Open is null ? [] : GuestItems.Of(Sheet);

    /// <inheritdoc/>
    protected override async ValueTask<bool> MayAnswerAsync(string key)
    {
        // Every call from the browser is judged anew: the item must be the guest's, and the invitation must still hold.
        if (Open is null || Ended || ReadOnlyReason is not null || !Sections.Any(s => s.Items.Any(i => i.Key == key)))
        {
            return false;
        }

        var signedIn = (await Who).User.May(Right.AnswerOwnItems);
        if (signedIn && await Invitations.MayOpenAsync(Id, By, CancellationToken.None))
        {
            return true;
        }

        await InvokeAsync(EndPage);
        return false;
    }

    /// <inheritdoc/>
    protected override async Task ReloadAsync()
    {
        if (Ended)
        {
            return;
        }

        try
        {
            await base.ReloadAsync();
        }
        catch (NotThere)
        {
            // Every read asks whether the invitation still holds.
            EndPage();
        }
    }

    private void EndPage()
    {
        (Ended, Open) = (true, null);
        TakeSheet();
        StateHasChanged();
    }
}
