using Microsoft.AspNetCore.Components;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Web.Reviews;

/// <summary>What happens on the editor's page: which part has the editor, saving while somebody types, publishing and discarding.</summary>
public abstract class TemplateDesk : PortalPage
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private int _typed;
    private string? _shown;

    /// <summary>The template.</summary>
    [Parameter] public string Slug { get; set; } = "";

    /// <summary>The part with the editor: <c>checklist</c>, <c>section-key</c> or <c>item-key</c>.</summary>
    [SupplyParameterFromQuery] public string? Part { get; set; }

    /// <summary>edit, preview or changes.</summary>
    [SupplyParameterFromQuery] public string? View { get; set; }

    /// <summary>In the preview: the tier of partner for which it is shown.</summary>
    [SupplyParameterFromQuery] public string? Tier { get; set; }

    [Inject] private TemplateDraftStore Drafts { get; set; } = default!;

    /// <summary>The open draft; null while it is loaded.</summary>
    protected OpenDraft? Open { get; private set; }

    /// <summary>Why the last save did not arrive; null when it did.</summary>
    protected string? NotSaved { get; private set; }

    /// <summary>The card that takes the keyboard's focus after the next render.</summary>
    protected string? TakesFocus { get; private set; }

    /// <summary>True while a confirmation is asked before the draft is given up.</summary>
    protected bool AsksToDiscard { get; set; }

    /// <summary>The tier that is chosen in the preview.</summary>
    protected Tier? ChosenTier => Words.TryParse<Tier>(Tier, out var tier) ? tier : null;

    /// <summary>The address of this page with another part or view.</summary>
    protected string LinkTo(string? part, string? view = null, string? tier = null)
    {
        string?[] asked = [part is null ? null : "part=" + part, view is null ? null : "view=" + view, tier is null ? null : "tier=" + Uri.EscapeDataString(tier)];
        var query = string.Join('&', asked.OfType<string>());
        return $"/settings/checklists/{Slug}/edit" + (query.Length == 0 ? "" : "?" + query);
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        try
        {
            Open = new OpenDraft(Drafts, await Drafts.OpenAsync(Slug, Gone));
        }
        catch (NotThere)
        {
            Navigation.NotFound();
        }
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender) => TakesFocus = null;

    /// <summary>A part that is left gets its final key and is saved.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Part && Open is not null)
        {
            var left = _shown;
            _shown = Part;
            if (left?.StartsWith("item-", StringComparison.Ordinal) == true)
            {
                Open.Settle(left[5..]);
            }

            await SaveAsync();
        }
    }

    /// <summary>Saves at once when a field is left.</summary>
    protected Task LeaveAsync() => SaveAsync();

    /// <summary>Takes what was typed and saves it when it has been quiet for a moment.</summary>
    protected async Task TypedAsync(ChecklistDraft content)
    {
        Open!.Change(content);
        var typed = ++_typed;
        await Task.Delay(Quiet, Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (typed == _typed && !Gone.IsCancellationRequested)
        {
            await SaveAsync();
        }
    }

    /// <summary>Does something with the order of things and saves it at once; the card that was moved keeps the keyboard.</summary>
    protected async Task ArrangeAsync(Action arrange, string? focus = null)
    {
        arrange();
        TakesFocus = focus;
        await SaveAsync();
    }

    /// <summary>Adds an item and opens its editor.</summary>
    protected async Task AddItemAsync(int section)
    {
        var key = Open!.AddItem(new(section, int.MaxValue));
        await SaveAsync();
        Navigation.NavigateTo(LinkTo("item-" + key));
    }

    /// <summary>Adds a section and opens its editor.</summary>
    protected async Task AddSectionAsync()
    {
        var key = Open!.AddSection();
        await SaveAsync();
        Navigation.NavigateTo(LinkTo("section-" + key));
    }

    /// <summary>Publishes what is shown as the next version.</summary>
    protected async Task PublishAsync()
    {
        SettleKey();
        await SaveAsync();
        if (NotSaved is not null || Open!.Conflict is not null)
        {
            return;
        }

        var done = await RunAsync(Right.Edit, async () =>
        {
            if (Open.Version == 0)
            {
                throw new RuleBroken($"Nothing is different from version {Open.Latest}, so there is nothing to publish.");
            }

            try
            {
                var published = await Drafts.PublishAsync(Slug, Open.Version, Open.Latest, By, Gone);
                Messages.Add($"Version {published.Number} is published. Reviews that were started keep theirs.");
                Navigation.NavigateTo($"/settings/checklists/{Slug}");
            }
            catch (Exception e) when (e is RuleBroken or ChangedMeanwhile)
            {
                Open = new OpenDraft(Drafts, await Drafts.OpenAsync(Slug, Gone));
                throw;
            }
        });
        if (!done && Errors.Count > 0)
        {
            Navigation.NavigateTo(LinkTo(FaultyPart(Errors.Keys.First())));
        }
    }

    /// <summary>Gives the draft up.</summary>
    protected async Task DiscardAsync() => await RunAsync(Right.Edit, async () =>
    {
        AsksToDiscard = false;
        await Drafts.DiscardAsync(Slug, Open!.Version, By, Gone);
        Messages.Add("The draft is discarded. What is published stays as it is.");
        Navigation.NavigateTo(Open.Latest > 0 ? $"/settings/checklists/{Slug}" : "/settings/checklists");
    });

    /// <summary>Ends a conflict and saves.</summary>
    protected async Task SettleAsync(bool mine)
    {
        Open!.Settle(mine);
        await SaveAsync();
    }

    /// <summary>The part of the page to which a refused field belongs: <c>sections[0].items[2].question</c>.</summary>
    protected string FaultyPart(string field)
    {
        var numbers = field.Split('[', ']').Where((_, at) => at % 2 == 1).Select(n => int.TryParse(n, out var number) ? number : 0).ToList();
        var sections = Open!.Content.Sections;
        return !field.StartsWith("sections[", StringComparison.Ordinal) || numbers[0] >= sections.Count ? "checklist"
            : !field.Contains(".items[", StringComparison.Ordinal) || numbers[1] >= sections[numbers[0]].Items.Count ? "section-" + sections[numbers[0]].Key
            : "item-" + sections[numbers[0]].Items[numbers[1]].Key;
    }

    private void SettleKey()
    {
        if (Part?.StartsWith("item-", StringComparison.Ordinal) == true && Open!.Settle(Part[5..]) is { } key && key != Part[5..])
        {
            _shown = "item-" + key;
            Navigation.NavigateTo(LinkTo(_shown), replace: true);
        }
    }

    private async Task SaveAsync()
    {
        if (!By.May(Right.Edit))
        {
            NotSaved = "Your role does not include this. Ask an administrator if you need it.";
            return;
        }

        try
        {
            await Open!.SaveAsync(By, Gone);
            NotSaved = null;
        }
        catch (RuleBroken broken)
        {
            NotSaved = broken.Message;
        }
        catch (Exception e) when (DatabaseAway.Is(e))
        {
            NotSaved = "The database is away. What you typed stays on this page and is saved as soon as it is back.";
            _ = InvokeAsync(SaveLaterAsync);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task SaveLaterAsync()
    {
        await Task.Delay(Again, Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!Gone.IsCancellationRequested)
        {
            await SaveAsync();
            StateHasChanged();
        }
    }
}
