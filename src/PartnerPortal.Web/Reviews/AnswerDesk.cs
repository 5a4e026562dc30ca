using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>What happens on a page that answers a review, ours and the guests': which item has the focus, what the browser sends, what others change meanwhile.</summary>
public abstract class AnswerDesk : PortalPage, IAsyncDisposable
{
    private readonly Dictionary<string, DateTimeOffset> _savedAt = [];
    private DotNetObjectReference<AnswerDesk>? _self;
    private IJSObjectReference? _browser;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private string? _shownKey;
    private bool _reveal;

    /// <summary>The review.</summary>
    [Parameter] public Guid Id { get; set; }

    /// <summary>The item with the focus, from the address.</summary>
    [SupplyParameterFromQuery(Name = "item")] public string? ItemKey { get; set; }

    /// <summary>Which items are shown, from the address.</summary>
    [SupplyParameterFromQuery(Name = "show")] public string? Show { get; set; }

    /// <summary>Where reviews are kept.</summary>
    [Inject] protected ReviewStore Reviews { get; set; } = default!;

    /// <summary>The browser.</summary>
    [Inject] protected IJSRuntime Js { get; set; } = default!;

    /// <summary>The open review; null while it is loaded or when it cannot be seen.</summary>
    protected OpenReview? Open { get; set; }

    /// <summary>The review as it is read.</summary>
    protected ReviewSheet Sheet => Open!.Sheet;

    /// <summary>The focused item's answer when its editor was opened.</summary>
    protected Answer? Shown { get; private set; }

    /// <summary>Changes when the editor must show what is stored instead of what it was opened with.</summary>
    protected int Revision { get; private set; }

    /// <summary>Versions of the focused answer, the newest first; null while they are hidden.</summary>
    protected IReadOnlyList<AnswerVersion>? History { get; private set; }

    /// <summary>Who else has this review open.</summary>
    protected IReadOnlyList<PresentPerson> Present { get; set; } = [];

    /// <summary>The item with the editor.</summary>
    protected abstract ChecklistItem? Focused { get; }

    /// <summary>The items that are listed, in their order.</summary>
    protected abstract IEnumerable<ChecklistItem> ShownItems { get; }

    /// <summary>Why nothing can be changed here; null when it can.</summary>
    protected abstract string? ReadOnlyReason { get; }

    /// <summary>"Saved 12:03", in the person's zone; null when this page has saved nothing here.</summary>
    protected string? SavedNote => Focused is { } item && _savedAt.TryGetValue(item.Key, out var at)
        ? $"Saved {TimeZoneInfo.ConvertTime(at, _zone).ToString("HH:mm", CultureInfo.InvariantCulture)}" : null;

    /// <summary>The address of this page with another item and the same filter.</summary>
    protected abstract string LinkTo(string? item);

    /// <summary>Whether this person may answer an item now; asked before every save.</summary>
    protected abstract ValueTask<bool> MayAnswerAsync(string key);

    /// <summary>Called after the review was read or written anew.</summary>
    protected virtual void TakeSheet()
    {
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => TakeFocus();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_browser is null && Open is not null && _self is null)
        {
            _self = DotNetObjectReference.Create(this);
            _browser = await Js.CallAsync<IJSObjectReference>(Assets["js/review.js"], "open", Gone, _self, Id);
            _zone = TimeZoneInfo.TryFindSystemTimeZoneById(await Js.CallAsync<string>(Assets["js/portal.js"], "zone", Gone) ?? "UTC", out var zone) ? zone : TimeZoneInfo.Utc;
        }

        if (_reveal && _browser is not null)
        {
            _reveal = false;
            await _browser.InvokeVoidAsync("reveal", Gone, "item-" + ItemKey);
        }
    }

    /// <summary>The browser brings typed text: 800 ms after the last key, when a field was left, or after a lost connection.</summary>
    [JSInvokable]
    public async Task<SaveReply> SaveText(string key, int version, string? value, string? comment, string? evidence, bool recovered)
    {
        if (!await MayAnswerAsync(key))
        {
            return new(false, false, version);
        }

        // Kept by name: a guest's page may end while the text is being saved.
        var open = Open!;
        var result = await open.SaveTextAsync(key, version, value, comment, evidence, By, CancellationToken.None);
        await NoteAsync(key, result, refresh: recovered);
        return new(result == SaveResult.Done, result == SaveResult.Away, open.VersionOf(key));
    }

    /// <summary>The browser asks for the next (1) or previous (-1) item that is shown.</summary>
    [JSInvokable]
    public void Step(int by)
    {
        if (Open is null)
        {
            return;
        }

        var shown = ShownItems.ToList();
        var at = Focused is { } item ? shown.IndexOf(item) : -1;
        var next = at < 0 ? (by > 0 ? 0 : shown.Count - 1) : Math.Clamp(at + by, 0, shown.Count - 1);
        if (shown.Count > 0 && next != at)
        {
            Navigation.NavigateTo(LinkTo(shown[next].Key), replace: true);
        }
    }

    /// <summary>The browser sets the state of the focused item: 1 passed, 2 failed, 3 warning, 4 not applicable.</summary>
    [JSInvokable]
    public async Task ChooseState(int number)
    {
        if (Focused is { } item && number >= 1 && number <= AnswerForm.States.Length)
        {
            await SetStateAsync(item.Key, AnswerForm.States[number - 1]);
        }
    }

    /// <summary>Saves a state at once, even when the page is left in the same moment.</summary>
    protected async Task SetStateAsync(string key, AnswerState state)
    {
        if (await MayAnswerAsync(key))
        {
            await NoteAsync(key, await Open!.SetStateAsync(key, state, By, CancellationToken.None), refresh: false);
        }
    }

    /// <summary>Ends a conflict with the text that the person chose.</summary>
    protected async Task SettleAsync(string key, KeepText keep)
    {
        if (await MayAnswerAsync(key))
        {
            var result = await Open!.SettleAsync(key, keep, By, CancellationToken.None);
            await ForgetAsync(key, result);
            await NoteAsync(key, result, refresh: result == SaveResult.Done);
        }
    }

    /// <summary>Brings back an earlier version, or what the answer said before its last change.</summary>
    protected async Task UndoAsync(string key, int? to)
    {
        if (await MayAnswerAsync(key))
        {
            var result = await Open!.UndoAsync(key, to, By, CancellationToken.None);
            await ForgetAsync(key, result);
            await NoteAsync(key, result, refresh: true);
            History = History is null ? null : await Reviews.HistoryAsync(Id, key, By, Gone);
        }
    }

    /// <summary>Shows or hides the versions of the focused answer.</summary>
    protected async Task ToggleHistoryAsync() =>
        History = History is null && Focused is { } item ? await Reviews.HistoryAsync(Id, item.Key, By, Gone) : null;

    /// <summary>Puts a file that was just stored among the evidence that is being edited.</summary>
    protected async Task AddEvidenceAsync(string key, string address)
    {
        if (_browser is not null)
        {
            await _browser.InvokeVoidAsync("addEvidence", Gone, key, address);
        }
    }

    /// <summary>Listens for what anybody does to this review, and for what else the page shows.</summary>
    protected void OnReviewChanges(Func<Change, bool> alsoConcerns) => OnChanges(
        change =>
        {
            var answered = change.Id == Id && change.Kind == "answer";
            var concerns = answered || change == ChangeFeed.Everything || (change.Id == Id && change.Kind == "review") || alsoConcerns(change);
            if (concerns)
            {
                Open?.Announce(change, onlyAnswers: answered);
            }

            return concerns;
        },
        ReloadAsync);

    /// <summary>Reads what others changed; an editor in which nothing waits to be saved shows it at once.</summary>
    protected virtual async Task ReloadAsync()
    {
        var changed = await Open!.ReloadAsync(By, Gone);
        TakeSheet();
        if (Focused is { } item && changed.Contains(item.Key) && _browser is not null && !await _browser.InvokeAsync<bool>("waiting", Gone, item.Key))
        {
            (Shown, Revision) = (Sheet.AnswerTo(item.Key), Revision + 1);
            _savedAt.Remove(item.Key);
        }
    }

    /// <summary>Opens the editor of the item in the address.</summary>
    protected void TakeFocus()
    {
        if (Open is not null && ItemKey != _shownKey)
        {
            History = null;
            (_shownKey, Shown, Revision, _reveal) = (ItemKey, Focused is { } item ? Sheet.AnswerTo(item.Key) : null, Revision + 1, Focused is not null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        try
        {
            if (_browser is not null)
            {
                await _browser.InvokeVoidAsync("dispose");
                await _browser.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone; what was not saved waits in its storage.
        }

        _self?.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task ForgetAsync(string key, SaveResult result)
    {
        if (result == SaveResult.Done && _browser is not null)
        {
            await _browser.InvokeVoidAsync("drop", key);
        }
    }

    private async Task NoteAsync(string key, SaveResult result, bool refresh)
    {
        if (result == SaveResult.Done)
        {
            _savedAt[key] = Now;
        }

        await InvokeAsync(() =>
        {
            TakeSheet();
            if (refresh && key == _shownKey && Open is not null)
            {
                (Shown, Revision) = (Sheet.AnswerTo(key), Revision + 1);
            }

            StateHasChanged();
        });
    }
}

/// <summary>What the browser learns about a text that it brought.</summary>
/// <param name="Saved">The text is stored; it need not be kept any longer.</param>
/// <param name="Again">The database is away; bring it again.</param>
/// <param name="Version">The version of the stored answer.</param>
public sealed record SaveReply(bool Saved, bool Again, int Version);
