using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A checklist that somebody edits: saves the draft one save after the other, takes in what others changed, and keeps both texts when two people touched the same part.</summary>
public sealed class OpenDraft(TemplateDraftStore drafts, TemplateOnTheDesk desk)
{
    private readonly Stack<RemovedPart> _removed = new();
    private ChecklistDraft _stored = desk.Content;
    private Task _last = Task.CompletedTask;

    /// <summary>Name in addresses.</summary>
    public string Slug { get; } = desk.Slug;

    /// <summary>The draft with everything that was typed.</summary>
    public ChecklistDraft Content { get; private set; } = desk.Content;

    /// <summary>The newest published version; null for a new checklist.</summary>
    public FrozenTemplate? Published { get; private set; } = desk.Published;

    /// <summary>The draft's version in the database; 0 while there is none.</summary>
    public int Version { get; private set; } = desk.Draft?.Version ?? 0;

    /// <summary>The published version from which the draft was started.</summary>
    public int BasedOn { get; private set; } = desk.Draft?.BasedOn ?? desk.Latest;

    /// <summary>Who saved the draft last; null while there is none.</summary>
    public string? EditedBy { get; private set; } = desk.Draft?.EditedBy;

    /// <summary>When the draft was saved last; null while there is none.</summary>
    public DateTimeOffset? EditedAt { get; private set; } = desk.Draft?.EditedAt;

    /// <summary>Number of the newest published version; 0 when there is none.</summary>
    public int Latest => Published?.Number ?? 0;

    /// <summary>Whether something is not in the database yet.</summary>
    public bool Unsaved => !ReferenceEquals(Content, _stored);

    /// <summary>Another person's draft that touched the same parts; null while there is nothing to settle.</summary>
    public DraftConflict? Conflict { get; private set; }

    /// <summary>The newest sentence for everybody, screen readers included: what was moved, removed, taken in.</summary>
    public string? Said { get; private set; }

    /// <summary>What was removed last and can come back; null when nothing was.</summary>
    public string? CanUndo => _removed.TryPeek(out var part) ? part.Name : null;

    /// <summary>What is different from the newest published version.</summary>
    public IReadOnlyList<ChecklistChange> Changes => ChecklistChanges.Between(Published is { } published ? ChecklistDraft.From(Slug, published.Content) : new ChecklistDraft(), Content);

    /// <summary>Whether an item or section stands in the published version, so that its key must stay.</summary>
    public bool IsPublished(string? key) => Published?.Content.Find(key ?? "") is not null;

    /// <summary>Takes what was typed.</summary>
    public void Change(ChecklistDraft content) => Content = content;

    /// <summary>Adds an empty item after a place and says its key.</summary>
    public string AddItem(ItemPlace place)
    {
        var key = Content.FreeKey("", "new-item");
        Content = Content.Insert(place, new ItemDraft { Key = key });
        Said = $"A new item in “{Name(Content.Sections[place.Section].Title)}”.";
        return key;
    }

    /// <summary>Adds an empty section at the end and says its key.</summary>
    public string AddSection()
    {
        var key = Content.FreeKey("", "new-section");
        Content = Content.Insert(Content.Sections.Count, new SectionDraft { Key = key });
        Said = "A new section at the end.";
        return key;
    }

    /// <summary>Moves an item by one place, over into the next section at the edge of its own.</summary>
    public void Move(ItemPlace place, int by) => Told(place, Content.Move(place, by));

    /// <summary>Moves an item to the end of another section.</summary>
    public void MoveTo(ItemPlace place, int section) => Told(place, Content.MoveTo(place, section));

    /// <summary>Moves a section by one place.</summary>
    public void MoveSection(int section, int by)
    {
        var name = Name(Content.Sections[section].Title);
        var moved = Content.Move(section, by);
        Said = ReferenceEquals(moved, Content) ? $"“{name}” is already the {(by < 0 ? "first" : "last")} section." : $"“{name}” is now section {section + by + 1} of {Content.Sections.Count}.";
        Content = moved;
    }

    /// <summary>Removes an item; <see cref="Undo"/> brings it back.</summary>
    public void Remove(ItemPlace place)
    {
        var item = Content.At(place);
        _removed.Push(new(Name(item.Question), place.Section, place.Item, null, item));
        Content = Content.Remove(place);
        Said = $"“{Name(item.Question)}” was removed.";
    }

    /// <summary>Removes a section with its items; <see cref="Undo"/> brings them back.</summary>
    public void RemoveSection(int at)
    {
        var section = Content.Sections[at];
        _removed.Push(new(Name(section.Title), at, 0, section, null));
        Content = Content.Remove(at);
        Said = $"“{Name(section.Title)}” with {section.Items.Count} items was removed.";
    }

    /// <summary>Brings back what was removed last, without touching what was typed since.</summary>
    public void Undo()
    {
        if (!_removed.TryPop(out var part))
        {
            return;
        }

        Content = part.Section is { } section ? Content.Insert(part.At, section)
            : Content.Sections.Count == 0 ? Content.Insert(0, new SectionDraft { Key = Content.FreeKey("", "new-section"), Items = [part.Item!] })
            : Content.Insert(new ItemPlace(Math.Min(part.At, Content.Sections.Count - 1), part.Place), part.Item!);
        Said = $"“{part.Name}” is back.";
    }

    /// <summary>Gives an item that was never published the key that its question suggests, once its editor is left.</summary>
    /// <returns>The key that it has from now on.</returns>
    public string? Settle(string? key)
    {
        if (Content.PlaceOf(key) is not { } place || IsPublished(key) || key?.StartsWith("new-item", StringComparison.Ordinal) != true || string.IsNullOrWhiteSpace(Content.At(place).Question))
        {
            return key;
        }

        var settled = Content.FreeKey(Content.At(place).Question, "item");
        Content = Content.With(place, Content.At(place) with { Key = settled });
        return settled;
    }

    /// <summary>Saves what was typed.</summary>
    /// <exception cref="RuleBroken">It has grown too long, or somebody discarded it.</exception>
    public async Task SaveAsync(Actor by, CancellationToken cancel)
    {
        var before = _last;
        var done = new TaskCompletionSource();
        _last = done.Task;
        try
        {
            await before;
            while (Unsaved && Conflict is null)
            {
                await TryAsync(Content, by, cancel);
            }
        }
        finally
        {
            done.SetResult();
        }
    }

    /// <summary>Ends a conflict: mine over theirs, or theirs instead of mine.</summary>
    public void Settle(bool mine)
    {
        if (Conflict is { } conflict)
        {
            (Content, _stored, Conflict) = (mine ? Content : conflict.Theirs, conflict.Theirs, null);
            Said = mine ? "Your draft is kept." : $"The draft of {conflict.By} is kept.";
        }
    }

    private async Task TryAsync(ChecklistDraft content, Actor by, CancellationToken cancel)
    {
        try
        {
            Took(await drafts.SaveAsync(Slug, content, Version, BasedOn, by, cancel));
            _stored = content;
        }
        catch (ChangedMeanwhile stale)
        {
            var other = stale.Current as TemplateDraft;
            var now = other is null ? await OpenAgainAsync(cancel) : null;
            Compare(other?.Content ?? now!.Content, other?.EditedBy ?? "somebody else");
            if (other is not null)
            {
                Took(other);
            }
            else
            {
                (Published, Version, BasedOn, EditedBy, EditedAt) = (now!.Published, now.Draft?.Version ?? 0, now.Latest, now.Draft?.EditedBy, now.Draft?.EditedAt);
            }
        }
    }

    private async Task<TemplateOnTheDesk> OpenAgainAsync(CancellationToken cancel)
    {
        try
        {
            return await drafts.OpenAsync(Slug, cancel);
        }
        catch (NotThere)
        {
            throw new RuleBroken("Somebody discarded this draft. What you typed still stands on this page: copy what you need before you leave it.");
        }
    }

    private void Compare(ChecklistDraft theirs, string who)
    {
        var merge = DraftMerge.Of(_stored, Content, theirs);
        if (merge.Merged is { } both)
        {
            (Content, Said) = (both, $"What {who} changed meanwhile was taken in; your changes are kept as well.");
        }
        else
        {
            Conflict = new(theirs, who, merge.Contested, ChecklistChanges.Between(theirs, Content));
        }

        _stored = theirs;
    }

    private void Took(TemplateDraft saved) => (Version, BasedOn, EditedBy, EditedAt) = (saved.Version, saved.BasedOn, saved.EditedBy, saved.EditedAt);

    private void Told(ItemPlace from, (ChecklistDraft Draft, ItemPlace Place) moved)
    {
        var name = Name(Content.At(from).Question);
        (Content, var to) = moved;
        var section = Content.Sections[to.Section];
        Said = to == from ? $"“{name}” cannot go further." : $"“{name}” is now {to.Item + 1} of {section.Items.Count} in “{Name(section.Title)}”.";
    }

    private static string Name(string? text) => string.IsNullOrWhiteSpace(text) ? "without a name" : text.Trim();

    private sealed record RemovedPart(string Name, int At, int Place, SectionDraft? Section, ItemDraft? Item);
}

/// <summary>Two drafts of one checklist in which the same parts were changed.</summary>
/// <param name="Theirs">What is stored.</param>
/// <param name="By">Who saved it.</param>
/// <param name="Parts">The parts that both changed.</param>
/// <param name="Differences">What is different in mine.</param>
public sealed record DraftConflict(ChecklistDraft Theirs, string By, IReadOnlyList<string> Parts, IReadOnlyList<ChecklistChange> Differences);
