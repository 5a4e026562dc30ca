using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>What happens on a guest's review page: which item has the focus, what the browser sends, what others change meanwhile. It looks again whether the invitation still holds before each save and each read.</summary>
public abstract class GuestDesk : PortalPage, IAsyncDisposable
{
    private readonly Dictionary<string, DateTimeOffset> _savedAt = [];
    private DotNetObjectReference<GuestDesk>? _self;
    private IJSObjectReference? _browser;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private string? _shownKey;
    private bool _reveal;

    /// <summary>The review.</summary>
    [Parameter] public Guid Id { get; set; }

    /// <summary>The item with the focus, from the address.</summary>
    [SupplyParameterFromQuery(Name = "item")] public string? ItemKey { get; set; }

    /// <summary>Whether only unanswered items are shown, from the address.</summary>
    [SupplyParameterFromQuery(Name = "show")] public string? Show { get; set; }

    [Inject] private ReviewStore Reviews { get; set; } = default!;

    [Inject] private ReviewInvitationStore Invitations { get; set; } = default!;

    [Inject] private IJSRuntime Js { get; set; } = default!;

    [CascadingParameter] private Task<AuthenticationState> Who { get; set; } = default!;

    /// <summary>The open review; null while it is loaded.</summary>
    protected OpenReview? Open { get; private set; }

    /// <summary>How the guest came here.</summary>
    protected GuestReviewRow? Invited { get; private set; }

    /// <summary>The invitation was taken back or has run out.</summary>
    protected bool Ended { get; private set; }

    /// <summary>The sections with the guest's items.</summary>
    protected IReadOnlyList<ChecklistSection> Sections { get; private set; } = [];

    /// <summary>The focused item's answer when its editor was opened.</summary>
    protected Answer? Shown { get; private set; }

    /// <summary>Changes when the editor must show what is stored instead of what it was opened with.</summary>
    protected int Revision { get; private set; }

    /// <summary>Who the other side is, as a guest is told: the company, never a name.</summary>
    protected string Company => CompanyOf(Invited?.InvitedBy);

    /// <summary>The item with the editor.</summary>
    protected ChecklistItem? Focused => ItemKey is { } key ? Sections.SelectMany(s => s.Items).FirstOrDefault(i => i.Key == key) : null;

    /// <summary>Why nothing can be changed here; null when it can.</summary>
    protected string? ReadOnlyReason => Open?.Sheet.Review.Decision is not null ? "This review is concluded; its answers are frozen." : null;

    /// <summary>"Saved 12:03", in the person's zone; null when this page has saved nothing here.</summary>
    protected string? SavedNote => Focused is { } item && _savedAt.TryGetValue(item.Key, out var at)
        ? $"Saved {TimeZoneInfo.ConvertTime(at, _zone).ToString("HH:mm", CultureInfo.InvariantCulture)}" : null;

    /// <summary>Whether only unanswered items are shown.</summary>
    protected bool OnlyOpen => Show == "unanswered";

    /// <summary>Whether an item is listed; the focused one always stays.</summary>
    protected bool Shows(ChecklistItem item) => !OnlyOpen || item.Key == Focused?.Key || Open!.StateOf(item.Key) == AnswerState.NotAnswered;

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
        if (Invited is null || !await Invitations.MayOpenAsync(Id, By, Gone))
        {
            Ended = true;
            return;
        }

        try
        {
            Open = new OpenReview(Reviews, await Reviews.GetAsync(Id, By, Gone), DatabaseAway.Is);
            Sections = GuestItems.Of(Open.Sheet);
        }
        catch (NotThere)
        {
            Ended = true;
            return;
        }

        TakeFocus();
        OnChanges(change => change.Kind is "review invitation" || (change.Id == Id && change.Kind is "answer" or "review"), ReloadAsync);
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
        if (!await MayAnswerAsync(key))
        {
            return new(false, false, version);
        }

        var result = await Open!.SaveTextAsync(key, version, value, comment, evidence, By, CancellationToken.None);
        await NoteAsync(key, result, refresh: recovered);
        return new(result == SaveResult.Done, result == SaveResult.Away, Open.VersionOf(key));
    }

    /// <summary>The browser asks for the next (1) or previous (-1) item that is shown.</summary>
    [JSInvokable]
    public void Step(int by)
    {
        var shown = Sections.SelectMany(s => s.Items).Where(Shows).ToList();
        var at = Focused is { } item ? shown.IndexOf(item) : -1;
        var next = at < 0 ? (by > 0 ? 0 : shown.Count - 1) : Math.Clamp(at + by, 0, shown.Count - 1);
        if (shown.Count > 0 && next != at)
        {
            Navigation.NavigateTo(LinkTo(shown[next].Key, OnlyOpen), replace: true);
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
        if (!await MayAnswerAsync(key))
        {
            return;
        }

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

    // Every call from the browser is judged anew: the item must be the guest's, and the invitation must still hold.
    private async Task<bool> MayAnswerAsync(string key)
    {
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

    private async Task NoteAsync(string key, SaveResult result, bool refresh)
    {
        if (result == SaveResult.Done)
        {
            _savedAt[key] = Now;
        }

        await InvokeAsync(() =>
        {
            Sections = GuestItems.Of(Open!.Sheet);
            if (refresh && key == _shownKey)
            {
                (Shown, Revision) = (Open.Sheet.AnswerTo(key), Revision + 1);
            }

            StateHasChanged();
        });
    }

    private async Task ReloadAsync()
    {
        if (Ended || !await Invitations.MayOpenAsync(Id, By, Gone))
        {
            EndPage();
            return;
        }

        var changed = await Open!.ReloadAsync(By, Gone);
        Sections = GuestItems.Of(Open.Sheet);
        if (Focused is { } item && changed.Contains(item.Key) && _browser is not null && !await _browser.InvokeAsync<bool>("waiting", Gone, item.Key))
        {
            (Shown, Revision) = (Open.Sheet.AnswerTo(item.Key), Revision + 1);
            _savedAt.Remove(item.Key);
        }
    }

    private void EndPage()
    {
        (Ended, Open, Sections) = (true, null, []);
        StateHasChanged();
    }

    private void TakeFocus()
    {
        if (Open is not null && ItemKey != _shownKey)
        {
            (_shownKey, Shown, Revision, _reveal) = (ItemKey, Focused is null ? null : Open.Sheet.AnswerTo(Focused.Key), Revision + 1, Focused is not null);
        }
    }
}
