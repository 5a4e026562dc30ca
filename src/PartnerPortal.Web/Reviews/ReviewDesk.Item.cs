using Microsoft.AspNetCore.Components;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>What can be done with the focused item beside answering it: look back, undo, waive; and with the whole review: take the newest checklist.</summary>
public abstract partial class ReviewDesk
{
    [Inject] private WaiverStore WaiverStore { get; set; } = default!;

    /// <summary>Versions of the focused answer, the newest first; null while they are hidden.</summary>
    protected IReadOnlyList<AnswerVersion>? History { get; private set; }

    /// <summary>Who else has this review open.</summary>
    protected IReadOnlyList<PresentPerson> Present { get; set; } = [];

    /// <summary>Puts a file that was just stored among the evidence that is being edited.</summary>
    protected async Task AddEvidenceAsync(string key, string address)
    {
        if (_browser is not null)
        {
            await _browser.InvokeAsync<object?>("addEvidence", Gone, [key, address]);
        }
    }

    /// <summary>Shows or hides the versions of the focused answer.</summary>
    protected async Task ToggleHistoryAsync() =>
        History = History is null && Focused is { } item ? await Reviews.HistoryAsync(Id, item.Key, By, Gone) : null;

    /// <summary>Brings back an earlier version, or what the answer said before its last change.</summary>
    protected async Task UndoAsync(string key, int? to)
    {
        if (Open is null || ReadOnlyReason is not null)
        {
            return;
        }

        var result = await Open.UndoAsync(key, to, By, CancellationToken.None);
        if (result == SaveResult.Done && _browser is not null)
        {
            await _browser.InvokeAsync<object?>("drop", Gone, [key]);
        }

        await NoteAsync(key, result, refresh: true);
        if (History is not null)
        {
            History = await Reviews.HistoryAsync(Id, key, By, Gone);
        }
    }

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
            await ReloadAsync();
        }
    }
}
