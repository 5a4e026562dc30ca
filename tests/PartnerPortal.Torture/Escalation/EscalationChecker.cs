using PartnerPortal.TestKit;

namespace PartnerPortal.Torture.Escalation;

/// <summary>Compares what was asked, what arrived by mail, and what stands in the database. Every broken promise is a sentence.</summary>
internal sealed class EscalationChecker(IReadOnlyList<Op> history, IReadOnlyList<ArrivedMail> mails, EscalationSnapshot seen, IReadOnlyList<Kill> kills, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> outages)
{
    /// <summary>For so long after a kill a step may be later than usual.</summary>
    public static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(15);

    private readonly ILookup<string, ArrivedMail> _arrived = mails.ToLookup(m => m.Header("Message-Id") ?? "");
    private readonly Dictionary<string, MessageSeen> _rows = seen.Messages.ToDictionary(m => m.MessageId);

    /// <summary>Steps that were due when nothing had been killed for a while.</summary>
    public Lateness Undisturbed => LatenessOf(disturbed: false);

    /// <summary>Steps that were due shortly after a kill.</summary>
    public Lateness Disturbed => LatenessOf(disturbed: true);

    /// <summary>The same without the time in which no portal lived at all: how long a portal takes to start depends on the machine.</summary>
    public Lateness DisturbedWhileAlive => LatenessOf(disturbed: true, step => outages.Sum(o => Math.Max(0, (Earlier(o.To, step.At) - Later(o.From, step.DueAt)).TotalSeconds)));

    /// <summary>How many pages arrived more than once, counted by the copies too many.</summary>
    public int Duplicates => _arrived.Where(a => _rows.GetValueOrDefault(a.Key) is { Kind: "page" }).Sum(a => a.Count() - 1);

    /// <summary>What is broken; empty: nothing.</summary>
    public IReadOnlyList<string> Problems() => [.. Lost(), .. Turns(), .. Mails(), .. OpenRuns(), .. NotTold(), .. TooLate()];

    private IEnumerable<string> Lost()
    {
        var ended = history.Where(o => o.Kind == "resolve").Select(o => (o.Source, o.Key)).ToHashSet();
        var alerts = seen.Alerts.ToLookup(a => (a.Source, a.Key));
        foreach (var op in history.Where(o => o is { Kind: "fire", Outcome: Op.Ok }))
        {
            var stored = alerts[(op.Source, op.Key)].ToList();
            if (stored.Count == 0)
            {
                yield return $"Alert {op.Key} was accepted and is lost.";
            }
            else if (stored.Any(a => a.Incident is null && !(a.Resolved && ended.Contains((op.Source, op.Key)))))
            {
                yield return $"Alert {op.Key} has no incident.";
            }
        }

        foreach (var incident in seen.Incidents.Where(i => i.Urgency == "page").ExceptBy(seen.Runs.Select(r => r.Incident), i => i.Id))
        {
            yield return $"Incident {incident.Id} pages and has no run.";
        }
    }

    private IEnumerable<string> Turns()
    {
        var steps = seen.Steps.ToLookup(s => s.Run);
        foreach (var run in seen.Runs.Where(r => !steps[r.Id].Select(s => s.Turn).Order().SequenceEqual(Enumerable.Range(1, r.Turn))))
        {
            yield return $"Run {run.Id} counts {run.Turn} turns and has the steps {string.Join(", ", steps[run.Id].Select(s => s.Turn).Order())}.";
        }

        var told = seen.Messages.Where(m => m is { Kind: "page", Step: not null }).Select(m => (m.Step!.Value, m.Recipient)).ToHashSet();
        foreach (var (step, who) in seen.Steps.SelectMany(s => s.Called.Select(c => (s, c))).Where(c => !told.Contains((c.s.Id, c.c))))
        {
            yield return $"Turn {step.Turn} of run {step.Run} called {who} without a message.";
        }
    }

    private IEnumerable<string> Mails()
    {
        foreach (var row in seen.Messages.Where(m => m.State == "sent" && !_arrived.Contains(m.ArrivedAs)))
        {
            yield return $"The {row.Kind} {row.Key} counts as sent and did not arrive.";
        }

        foreach (var mail in _arrived)
        {
            if (_rows.GetValueOrDefault(mail.Key) is not { } row)
            {
                yield return $"A mail to {mail.First().To} arrived and stands nowhere: {mail.Key}";
            }
            else if (row.State != "sent" && !row.IsMarked)
            {
                yield return $"The {row.Kind} {row.Key} arrived and is {row.State}: {row.Problem}";
            }
            else if (mail.Count() > 1 && !row.PossiblyTwice)
            {
                yield return $"The {row.Kind} {row.Key} arrived {mail.Count()} times and is not marked.";
            }
        }

        if (Duplicates > kills.Count)
        {
            yield return $"{Duplicates} pages arrived twice after {kills.Count} kills.";
        }
    }

    private IEnumerable<string> OpenRuns()
    {
        var over = seen.Incidents.ToDictionary(i => i.Id, i => i.ResolvedAt is not null);
        foreach (var run in seen.Runs.Where(r => r.EndedAt is null == r.DueAt is null || r.EndedAt is not null != over[r.Incident]))
        {
            yield return $"Run {run.Id} is due at {run.DueAt:O}, ended at {run.EndedAt:O}, and its incident is {(over[run.Incident] ? "over" : "open")}.";
        }

        foreach (var twice in seen.Runs.GroupBy(r => r.Incident).Where(r => r.Count() > 1))
        {
            yield return $"Incident {twice.Key} has {twice.Count()} runs.";
        }
    }

    private IEnumerable<string> NotTold()
    {
        var over = seen.Incidents.Where(i => i.ResolvedAt is not null).ToDictionary(i => i.Id, i => i.ResolvedBy);
        var told = seen.Messages.Where(m => m.Kind == "resolved" && _arrived.Contains(m.ArrivedAs)).Select(m => (m.Incident, m.Recipient)).ToHashSet();
        return seen.Messages.Where(m => m is { Kind: "page", Incident: { } id } && over.TryGetValue(id, out var by) && m.Recipient != by && _arrived.Contains(m.ArrivedAs) && !told.Contains((id, m.Recipient)))
            .Select(m => $"{m.Recipient} got the page {m.Key} ({m.State}: {m.Problem}) and not that it is over.");
    }

    private IEnumerable<string> TooLate()
    {
        // Of the steps of a minute one in a hundred is a single one, and a busy machine may hold up any.
        if (Undisturbed.Percentile(Undisturbed.Count < 500 ? 0.95 : 0.99) > 5)
        {
            yield return $"Undisturbed steps are too late: {Undisturbed}";
        }

        if (DisturbedWhileAlive.Percentile(0.99) > AfterKill.TotalSeconds)
        {
            yield return $"Steps after a kill are too late: {DisturbedWhileAlive}";
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private Lateness LatenessOf(bool disturbed, Func<StepSeen, double>? without = null) => new(seen.Steps
        .Where(s => disturbed == kills.Any(k => k.At <= s.At && s.DueAt <= k.At + AfterKill)).Select(s => (s.At - s.DueAt).TotalSeconds - (without?.Invoke(s) ?? 0)));
}
