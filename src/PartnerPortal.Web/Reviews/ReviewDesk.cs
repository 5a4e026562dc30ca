using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>What happens on the fill-in page: which item has the focus, what the browser sends, what others change meanwhile.</summary>
public abstract partial class ReviewDesk : PortalPage, IAsyncDisposable
{
    private readonly Dictionary<string, DateTimeOffset> _savedAt = [];
    private DotNetObjectReference<ReviewDesk>? _self;
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

    [Inject] private ReviewStore Reviews { get; set; } = default!;

    [Inject] private IJSRuntime Js { get; set; } = default!;

    /// <summary>The open review; null while it is loaded.</summary>
    protected OpenReview? Open { get; private set; }

    /// <summary>The review as it is read.</summary>
    protected ReviewSheet Sheet => Open!.Sheet;

    /// <summary>The focused item's answer when its editor was opened.</summary>
    protected Answer? Shown { get; private set; }

    /// <summary>Changes when the editor must show what is stored instead of what it was opened with.</summary>
    protected int Revision { get; private set; }

    /// <summary>The filter in the address.</summary>
    protected ItemFilter Filter => Words.TryParse<ItemFilter>(Show, out var filter) ? filter : ItemFilter.All;

    /// <summary>The item with the editor.</summary>
    protected ChecklistItem? Focused => ItemKey is { } key && Open?.Sheet.Standings.Find(key) is { Asked: true } standing ? standing.Item : null;

    /// <summary>The section of the focused item.</summary>
    protected ChecklistSection? FocusedSection => Focused is { } item ? Sheet.Checklist.Sections.First(s => s.Items.Contains(item)) : null;

    /// <summary>Why nothing can be changed here; null when it can.</summary>
    protected string? ReadOnlyReason =>
        Open?.Sheet.Review.Decision is not null ? "This review is concluded; its answers are frozen."
        : By.May(Right.AnswerReviews) ? null : "Your role reads reviews; engineers, operators and managers answer them.";

    /// <summary>"Saved 12:03", in the person's zone; null when this page has saved nothing here.</summary>
    protected string? SavedNote => Focused is { } item && _savedAt.TryGetValue(item.Key, out var at)
        ? $"Saved {TimeZoneInfo.ConvertTime(at, _zone):HH:mm}" : null;

    /// <summary>Whether the filter shows an item; the focused one always stays.</summary>
    protected bool Shows(ChecklistItem item) => Sheet.Standings[item.Key].Asked && (item.Key == Focused?.Key || Filter.Shows(item, Open!.StateOf(item.Key)));

    /// <summary>How many items a filter finds.</summary>
    protected int CountOf(ItemFilter filter) => Sheet.Standings.Asked.Count(s => filter.Shows(s.Item, Open!.StateOf(s.Item.Key)));

    /// <summary>The address of this page with another item or filter.</summary>
    protected string LinkTo(string? item, ItemFilter filter)
    {
        string[] parts = [.. item is null ? [] : new[] { "item=" + item }, .. filter == ItemFilter.All ? [] : new[] { "show=" + Words.Of(filter) }];
        return $"/reviews/{Id}" + (parts.Length == 0 ? "" : "?" + string.Join('&', parts));
    }

    /// <summary>The partner's reviews.</summary>
    protected string Back => $"/partners/{Sheet.PartnerSlug}/reviews" + (Sheet.IntegrationSlug == Domain.Integrations.Integration.MainSlug ? "" : $"?integration={Sheet.IntegrationSlug}");

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
        OnChanges(change => (change.Id == Id && change.Kind is "answer" or "review") || (change.Kind is "waiver" or TargetStore.ChangeKind && change.PartnerId == Sheet.Review.PartnerId), ReloadAsync);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => TakeFocus();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_browser is null && Open is not null && _self is null)
        {
            _self = DotNetObjectReference.Create(this);
            await using var module = await Js.InvokeAsync<IJSObjectReference>("import", Gone, "./" + Assets["js/review.js"]);
            _browser = await module.InvokeAsync<IJSObjectReference>("open", Gone, _self, Id);
            _zone = TimeZoneInfo.TryFindSystemTimeZoneById(await _browser.InvokeAsync<string?>("zone", Gone) ?? "UTC", out var zone) ? zone : TimeZoneInfo.Utc;
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
        if (Open is null || ReadOnlyReason is not null)
        {
            return new(false, false, version);
        }

        var result = await Open.SaveTextAsync(key, version, value, comment, evidence, By, CancellationToken.None);
        await NoteAsync(key, result, refresh: recovered);
        return new(result == SaveResult.Done, result == SaveResult.Away, Open.VersionOf(key));
    }

    /// <summary>The browser asks for the next (1) or previous (-1) item that is shown.</summary>
    [JSInvokable]
    public void Step(int by)
    {
        if (Open is null)
        {
            return;
        }

        var shown = Sheet.Checklist.Items.Where(Shows).ToList();
        var at = Focused is { } item ? shown.IndexOf(item) : -1;
        var next = at < 0 ? (by > 0 ? 0 : shown.Count - 1) : Math.Clamp(at + by, 0, shown.Count - 1);
        if (shown.Count > 0 && next != at)
        {
            Navigation.NavigateTo(LinkTo(shown[next].Key, Filter), replace: true);
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

    /// <summary>Opens the browser's print dialog.</summary>
    protected async Task PrintAsync() => await Js.InvokeVoidAsync("print", Gone);

    /// <summary>Saves a state at once, even when the page is left in the same moment.</summary>
    protected async Task SetStateAsync(string key, AnswerState state)
    {
        if (Open is not null && ReadOnlyReason is null)
        {
            await NoteAsync(key, await Open.SetStateAsync(key, state, By, CancellationToken.None), refresh: false);
        }
    }

    /// <summary>Ends a conflict with the text that the person chose.</summary>
    protected async Task SettleAsync(string key, KeepText keep)
    {
        var result = await Open!.SettleAsync(key, keep, By, CancellationToken.None);
        if (result == SaveResult.Done && _browser is not null)
        {
            await _browser.InvokeVoidAsync("drop", key);
        }

        await NoteAsync(key, result, refresh: result == SaveResult.Done);
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

    private async Task NoteAsync(string key, SaveResult result, bool refresh)
    {
        if (result == SaveResult.Done)
        {
            _savedAt[key] = Now;
        }

        await InvokeAsync(() =>
        {
            if (refresh && key == _shownKey)
            {
                (Shown, Revision) = (Sheet.AnswerTo(key), Revision + 1);
            }

            StateHasChanged();
        });
    }

    private async Task ReloadAsync()
    {
        var changed = await Open!.ReloadAsync(By, Gone);
        if (Focused is { } item && changed.Contains(item.Key) && _browser is not null && !await _browser.InvokeAsync<bool>("waiting", Gone, item.Key))
        {
            (Shown, Revision) = (Sheet.AnswerTo(item.Key), Revision + 1);
            _savedAt.Remove(item.Key);
        }
    }

    private void TakeFocus()
    {
        if (Open is not null && ItemKey != _shownKey)
        {
            History = null;
            (_shownKey, Shown, Revision, _reveal) = (ItemKey, ItemKey is null ? null : Sheet.AnswerTo(ItemKey), Revision + 1, ItemKey is not null);
        }
    }
}

/// <summary>What the browser learns about a text that it brought.</summary>
/// <param name="Saved">The text is stored; it need not be kept any longer.</param>
/// <param name="Again">The database is away; bring it again.</param>
/// <param name="Version">The version of the stored answer.</param>
public sealed record SaveReply(bool Saved, bool Again, int Version);
