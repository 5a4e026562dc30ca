using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using MudBlazor;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Access;

namespace PartnerPortal.Web.Shell;

/// <summary>What every interactive page shares: who is looking, one verb per button with refusals shown where they belong, live updates.</summary>
public abstract class PortalPage : ComponentBase, IDisposable
{
    private static readonly TimeSpan LeastBetweenRenders = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _gone = new();
    private IDisposable? _subscription;
    private int _waiting;

    /// <summary>A page takes its token at once: what still runs when the page is left may ask for it.</summary>
    protected PortalPage() => Gone = _gone.Token;

    /// <summary>Who is looking at the page.</summary>
    protected Actor By { get; private set; } = Actor.Portal("page");

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>Refusals of the last verb, by field, for <see cref="Shared.FormErrors"/>.</summary>
    protected IReadOnlyDictionary<string, string[]> Errors { get; private set; } = new Dictionary<string, string[]>();

    /// <summary>The refusal of the last verb that belongs to no field.</summary>
    protected string? Problem { get; private set; }

    /// <summary>True while a verb runs: buttons show it and a second click does nothing.</summary>
    protected bool Busy { get; private set; }

    [Inject] protected NavigationManager Navigation { get; set; } = default!;

    [Inject] protected ISnackbar Messages { get; set; } = default!;

    [Inject] private ChangeFeed Changes { get; set; } = default!;

    [Inject] private IJSRuntime Browser { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [CascadingParameter] private Task<AuthenticationState> Authentication { get; set; } = default!;

    /// <summary>The moment, for times shown relative to it.</summary>
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync() => By = (await Authentication).User.ToActor();

    /// <summary>Runs one verb in the name of the person. Refusals become sentences on the page, and what was typed stays.</summary>
    /// <returns>True when it was done.</returns>
    protected async Task<bool> RunAsync(Right right, Func<Task> verb)
    {
        if (Busy)
        {
            return false;
        }

        (Busy, Problem, Errors) = (true, null, new Dictionary<string, string[]>());
        try
        {
            By = (await Authentication).User.ToActor();
            if (!By.May(right))
            {
                Problem = "Your role does not include this. Ask an administrator if you need it.";
                return false;
            }

            await verb();
            return true;
        }
        catch (FieldsRefused refused)
        {
            Errors = refused.Errors;
            Problem = refused.Errors.Count == 1 ? "One field needs a change; see the sentence beside it." : $"{refused.Errors.Count} fields need a change; see the sentences beside them.";
        }
        catch (AlreadyTaken taken)
        {
            Errors = new Dictionary<string, string[]> { [taken.Field] = [taken.Message] };
            Problem = taken.Message;
        }
        catch (Exception e) when (e is RuleBroken or ChangedMeanwhile or NotThere or NotAllowed)
        {
            Problem = e.Message;
        }
        catch (Exception e) when (DatabaseAway.Is(e))
        {
            Problem = "The database is away. Nothing was saved; what you typed is still here. Try again in a few seconds.";
        }
        finally
        {
            Busy = false;
        }

        return false;
    }

    /// <summary>Lets the browser forget what was typed into a form, once it is saved or given up.</summary>
    /// <param name="draft">What the form's <c>data-draft</c> says.</param>
    protected async Task ForgetDraftAsync(string draft) => await Browser.InvokeVoidAsync("portalDrafts.clear", draft);

    /// <summary>Calls back on the page's own thread, at most every 250 ms, when something that it shows was changed by anybody.</summary>
    protected void OnChanges(Func<Change, bool> concerns, Func<Task> reload) => _subscription ??= Changes.Subscribe(change =>
    {
        if ((concerns(change) || change == ChangeFeed.Everything) && Interlocked.Exchange(ref _waiting, 1) == 0)
        {
            _ = InvokeAsync(() => ReloadSoonAsync(reload));
        }
    });

    /// <summary>Looks again now and then, for what moves without being announced: times, counts, how a rule that stays well stands.</summary>
    /// <param name="pause">The time between two looks.</param>
    /// <param name="reload">Reads anew; a database that is away is asked again after the next pause.</param>
    protected void Every(TimeSpan pause, Func<Task> reload) => _ = InvokeAsync(() => KeepReloadingAsync(pause, reload));

    /// <summary>Leaves the change feed and cancels what the page still waits for.</summary>
    public virtual void Dispose()
    {
        _subscription?.Dispose();
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task KeepReloadingAsync(TimeSpan pause, Func<Task> reload)
    {
        using var timer = new PeriodicTimer(pause);
        try
        {
            while (await timer.WaitForNextTickAsync(Gone))
            {
                try
                {
                    await reload();
                    StateHasChanged();
                }
                catch (Exception e) when (DatabaseAway.Is(e))
                {
                    // What is shown stays until it is back.
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or NotThere)
        {
            // The page was left, or what it shows is gone.
        }
    }

    private async Task ReloadSoonAsync(Func<Task> reload)
    {
        try
        {
            await Task.Delay(LeastBetweenRenders, Gone);
            Interlocked.Exchange(ref _waiting, 0);
            await reload();
            StateHasChanged();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or NotThere || DatabaseAway.Is(e))
        {
            Interlocked.Exchange(ref _waiting, 0); // the page was left, or the next change tells again
        }
    }
}
