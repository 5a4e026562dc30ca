using System.Collections.Concurrent;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A review that somebody has open: saves answers one after the other and keeps both texts when two people wrote the same answer.</summary>
public sealed class OpenReview(ReviewStore reviews, ReviewSheet sheet, Func<Exception, bool> isAway)
{
    private readonly Dictionary<string, AnswerConflict> _conflicts = [];
    private readonly Dictionary<string, string> _refusals = [];
    private readonly Dictionary<string, AnswerState> _wanted = [];
    private readonly ConcurrentDictionary<uint, byte> _announced = new();
    private readonly HashSet<uint> _written = [];
    private readonly Dictionary<string, (int From, int To)> _own = [];
    private volatile bool _allChanged;
    private Task _last = Task.CompletedTask;

    /// <summary>The review as far as this page knows.</summary>
    public ReviewSheet Sheet { get; private set; } = sheet;

    /// <summary>Answers of which two texts exist, by item.</summary>
    public IReadOnlyDictionary<string, AnswerConflict> Conflicts => _conflicts;

    /// <summary>The sentence why an answer was not accepted; null when it was.</summary>
    public string? RefusalOf(string key) => _refusals.GetValueOrDefault(key);

    /// <summary>The state to show: the stored one, or the one that waits for its comment.</summary>
    public AnswerState StateOf(string key) => _wanted.TryGetValue(key, out var wanted) ? wanted : Sheet.StateOf(key);

    /// <summary>The version that a change must name.</summary>
    public int VersionOf(string key) => Sheet.AnswerTo(key)?.Version ?? Answer.Untouched;

    /// <summary>Notes that something of this review was committed, for the next <see cref="ReloadAsync"/>. May be called from any thread.</summary>
    /// <param name="change">What the database announced.</param>
    /// <param name="onlyAnswers">Nothing but answers changed.</param>
    public void Announce(Change change, bool onlyAnswers)
    {
        if (onlyAnswers)
        {
            _announced[change.Transaction] = 0;
        }
        else
        {
            _allChanged = true;
        }
    }

    /// <summary>Reads what was announced, unless it is what this page wrote itself, and says which answers were changed elsewhere.</summary>
    public Task<IReadOnlySet<string>> ReloadAsync(Actor by, CancellationToken cancel) => AfterTheLastAsync<IReadOnlySet<string>>(async () =>
    {
        var before = Sheet;
        var all = _allChanged;
        _allChanged = false;
        var others = false;
        foreach (var transaction in _announced.Keys)
        {
            others |= _announced.TryRemove(transaction, out _) && !_written.Remove(transaction);
        }

        try
        {
            if (all)
            {
                Sheet = await reviews.GetAsync(Sheet.Review.Id, by, cancel);
            }
            else if (others)
            {
                Sheet = Sheet.With(await reviews.AnswersAsync(Sheet.Review.Id, by, cancel));
            }
        }
        catch (Exception e) when (e is not NotThere)
        {
            _allChanged = true;
            throw;
        }

        return Sheet.Answers.Where(a => a.Version != before.AnswerTo(a.Key)?.Version).Select(a => a.Key).ToHashSet();
    });

    /// <summary>Saves a state and leaves the texts as they are.</summary>
    public Task<SaveResult> SetStateAsync(string key, AnswerState state, Actor by, CancellationToken cancel)
    {
        _wanted[key] = state;
        return InTurnAsync(key, () =>
        {
            // Wanted again: a text that was still being saved took the wish with it.
            _wanted[key] = state;
            var stored = Sheet.AnswerTo(key);
            return (new AnswerDraft(Words.Of(state), stored?.Value, stored?.Comment, stored?.Evidence), VersionOf(key));
        }, by, cancel);
    }

    /// <summary>Saves texts that were typed on top of a version, and the state that waited for them.</summary>
    public Task<SaveResult> SaveTextAsync(string key, int version, string? value, string? comment, string? evidence, Actor by, CancellationToken cancel) =>
        InTurnAsync(key, () =>
        {
            var draft = new AnswerDraft(Words.Of(StateOf(key)), value, comment, Lines(evidence));
            return (draft, IsStored(key, draft, by) ? version : SinceOwn(key, version));
        }, by, cancel);

    /// <summary>Brings back an earlier version, or what the answer said before its last change.</summary>
    public Task<SaveResult> UndoAsync(string key, int? to, Actor by, CancellationToken cancel) =>
        WriteInTurnAsync(key, () => reviews.UndoAsync(Sheet.Review.Id, key, to, VersionOf(key), by, cancel));

    /// <summary>Ends a conflict with one of the two texts, or with both below each other.</summary>
    public async Task<SaveResult> SettleAsync(string key, KeepText keep, Actor by, CancellationToken cancel)
    {
        if (!_conflicts.TryGetValue(key, out var conflict))
        {
            return SaveResult.Done;
        }

        if (keep == KeepText.Theirs)
        {
            _conflicts.Remove(key);
            _wanted.Remove(key);
            return SaveResult.Done;
        }

        var mine = conflict.Mine;
        var stored = Sheet.AnswerTo(key);
        var draft = keep == KeepText.Mine || stored is null ? mine : mine with
        {
            Comment = string.Join("\n\n", new[] { stored.Comment, mine.Comment }.Where(t => !string.IsNullOrWhiteSpace(t)).Distinct()),
            Evidence = [.. stored.Evidence.Union(mine.Evidence ?? [])],
        };
        return await InTurnAsync(key, () => (draft, VersionOf(key)), by, cancel);
    }

    private Task<SaveResult> InTurnAsync(string key, Func<(AnswerDraft Draft, int Version)> make, Actor by, CancellationToken cancel)
    {
        AnswerDraft? draft = null;
        return WriteInTurnAsync(
            key,
            () =>
            {
                (draft, var version) = make();
                return reviews.SaveAsync(Sheet.Review.Id, key, draft, version, by, cancel);
            },
            stored => Compare(key, draft!, stored, by));
    }

    private Task<SaveResult> WriteInTurnAsync(string key, Func<Task<SavedAnswer>> write, Func<Answer, SaveResult>? compare = null) => AfterTheLastAsync(async () =>
    {
        try
        {
            var (saved, transaction) = await write();
            _written.Add(transaction);
            _own[key] = (_own.TryGetValue(key, out var own) && own.To == saved.Version - 1 ? own.From : saved.Version - 1, saved.Version);
            return Take(key, saved);
        }
        catch (ChangedMeanwhile stale) when (stale.Current is Answer stored && compare is not null)
        {
            return compare(stored);
        }
        catch (ChangedMeanwhile stale)
        {
            return Refuse(key, stale.Message);
        }
        catch (FieldsRefused refused)
        {
            return Refuse(key, string.Join(' ', refused.Errors.SelectMany(e => e.Value)));
        }
        catch (Exception e) when (e is RuleBroken or NotThere)
        {
            _wanted.Remove(key);
            return Refuse(key, e.Message);
        }
        catch (Exception e) when (isAway(e))
        {
            Refuse(key, "The database is away. Your text is kept in this browser and saved as soon as it is back.");
            return SaveResult.Away;
        }
    });

    private bool IsStored(string key, AnswerDraft mine, Actor by) => Sheet.AnswerTo(key) is { } stored
        && stored.AnsweredBy == by.Name && stored.Comment == (mine.Comment ?? "").Trim() && Words.Of(stored.State) == mine.State && (stored.Value ?? "") == (mine.Value ?? "").Trim()
        && stored.Evidence.SequenceEqual(mine.Evidence ?? []);

    // Who chooses a state and types at once writes from the version before the state; what only this page changed since then is no conflict.
    private int SinceOwn(string key, int version) =>
        _own.TryGetValue(key, out var own) && own.From <= version && version < own.To && VersionOf(key) == own.To ? own.To : version;

    // One after the other: a text that was left and the state chosen after it arrive in this order.
    private async Task<T> AfterTheLastAsync<T>(Func<Task<T>> work)
    {
        var before = _last;
        var done = new TaskCompletionSource();
        _last = done.Task;
        try
        {
            await before;
            return await work();
        }
        finally
        {
            done.SetResult();
        }
    }

    private SaveResult Take(string key, Answer saved)
    {
        Sheet = Sheet.With(saved);
        _conflicts.Remove(key);
        _refusals.Remove(key);
        _wanted.Remove(key);
        return SaveResult.Done;
    }

    private SaveResult Compare(string key, AnswerDraft mine, Answer stored, Actor by)
    {
        Sheet = Sheet.With(stored);
        // The first try may have arrived although its reply was lost; then there is nothing to compare.
        if (IsStored(key, mine, by))
        {
            return Take(key, stored);
        }

        _wanted.Remove(key);
        _refusals.Remove(key);
        _conflicts[key] = new(mine, stored);
        return SaveResult.Conflict;
    }

    private SaveResult Refuse(string key, string sentence)
    {
        _refusals[key] = sentence;
        return SaveResult.Refused;
    }

    private static List<string> Lines(string? text) =>
        [.. (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
