using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>What our side does with a review beside answering it: filter it, waive items, take the newest checklist, print.</summary>
public abstract class ReviewDesk : AnswerDesk
{
    [Inject] private WaiverStore WaiverStore { get; set; } = default!;

    /// <summary>The filter in the address.</summary>
    protected ItemFilter Filter => Words.TryParse<ItemFilter>(Show, out var filter) ? filter : ItemFilter.All;

    /// <inheritdoc/>
    protected override ChecklistItem? Focused => ItemKey is { } key && Open?.Sheet.Standings.Find(key) is { Asked: true } standing ? standing.Item : null;

    /// <summary>The section of the focused item.</summary>
    protected ChecklistSection? FocusedSection => Focused is { } item ? Sheet.Checklist.Sections.First(s => s.Items.Contains(item)) : null;

    /// <inheritdoc/>
    protected override IEnumerable<ChecklistItem> ShownItems => Sheet.Checklist.Items.Where(Shows);

    /// <inheritdoc/>
    protected override string? ReadOnlyReason =>
        Open?.Sheet.Review.Decision is not null ? "This review is concluded; its answers are frozen."
        : By.May(Right.AnswerReviews) ? null : "Your role reads reviews; engineers, operators and managers answer them.";

    /// <summary>The partner's reviews.</summary>
    protected string Back => $"/partners/{Sheet.PartnerSlug}/reviews" + (Sheet.IntegrationSlug == Domain.Integrations.Integration.MainSlug ? "" : $"?integration={Sheet.IntegrationSlug}");

    /// <summary>Whether the filter shows an item; the focused one always stays.</summary>
    protected bool Shows(ChecklistItem item) => Sheet.Standings[item.Key].Asked && (item.Key == Focused?.Key || Filter.Shows(item, Open!.StateOf(item.Key), Sheet.AnswerTo(item.Key), By.Name));

    /// <summary>How many items a filter finds.</summary>
    protected int CountOf(ItemFilter filter) => Sheet.Standings.Asked.Count(s => filter.Shows(s.Item, Open!.StateOf(s.Item.Key), Sheet.AnswerTo(s.Item.Key), By.Name));

    /// <inheritdoc/>
    protected override string LinkTo(string? item) => LinkTo(item, Filter);

    /// <summary>The address of this page with another item or filter.</summary>
    protected string LinkTo(string? item, ItemFilter filter)
    {
        string[] parts = [.. item is null ? [] : new[] { "item=" + item }, .. filter == ItemFilter.All ? [] : new[] { "show=" + Words.Of(filter) }];
        return $"/reviews/{Id}" + (parts.Length == 0 ? "" : "?" + string.Join('&', parts));
    }

    /// <inheritdoc/>
    protected override ValueTask<bool> MayAnswerAsync(string key) => ValueTask.FromResult(Open is not null && ReadOnlyReason is null);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        try
        {
            Open = new OpenReview(Reviews, await Reviews.GetAsync(Id, By, Gone), DatabaseAway.Is);
        }
        catch (NotThere)
        {
            Navigation.NotFound();
            return;
        }

        TakeFocus();
        OnReviewChanges(change => change.Kind is "waiver" or "evidence file" or TargetStore.ChangeKind && change.PartnerId == Sheet.Review.PartnerId);
    }

    /// <summary>Opens the browser's print dialog.</summary>
    protected async Task PrintAsync() => await Js.InvokeVoidAsync("print", Gone);

    /// <summary>Asks for a waiver of the focused item.</summary>
    protected Task AskForWaiverAsync(string key, WaiverDraft draft) =>
        ThenReloadAsync(Right.RequestMoves, () => WaiverStore.RequestForItemAsync(Id, key, draft, By, Gone));

    /// <summary>Approves the waiver that waits for the focused item.</summary>
    protected Task ApproveWaiverAsync(string key) => ThenReloadAsync(Right.MoveStages, () => WaiverStore.ApproveForItemAsync(Id, key, By, Gone));

    /// <summary>Refuses the waiver of the focused item or takes it back.</summary>
    protected Task EndWaiverAsync(string key) => ThenReloadAsync(Right.MoveStages, () => WaiverStore.EndForItemAsync(Id, key, By, Gone));

    /// <summary>Takes the newest version of the checklist; every answer stays.</summary>
    protected Task MoveToNewestAsync() => ThenReloadAsync(Right.AnswerReviews, () => Reviews.MoveToNewestAsync(Id, By, Gone));

    private async Task ThenReloadAsync(Right right, Func<Task> verb)
    {
        if (await RunAsync(right, verb))
        {
            Open!.Announce(ChangeFeed.Everything, onlyAnswers: false);
            await ReloadAsync();
        }
    }
}
