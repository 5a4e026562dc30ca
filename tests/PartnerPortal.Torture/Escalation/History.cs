using System.Text.Json;

namespace PartnerPortal.Torture.Escalation;

/// <summary>One line of the history: an operation was begun (no outcome yet), or ended.</summary>
/// <param name="Number">Counts operations.</param>
/// <param name="Kind">fire, resolve, or the verb of a person.</param>
/// <param name="Source">Id of the alert source; of a verb nothing.</param>
/// <param name="Key">What the source calls the problem; of a verb the incident.</param>
/// <param name="At">When.</param>
/// <param name="Outcome">ok; fail: it was refused; unknown: no answer, or one that promises nothing. Null when it begins.</param>
internal sealed record Op(int Number, string Kind, string Source, string Key, DateTimeOffset At, string? Outcome = null)
{
    public const string Ok = "ok";
    public const string Fail = "fail";
    public const string Unknown = "unknown";
}

/// <summary>What was asked of the portals and how they answered: a file that only grows, outside of them, one JSON object a line.</summary>
internal sealed class History(string file) : IDisposable
{
    private readonly StreamWriter _writer = new(file, append: true) { AutoFlush = true };
    private readonly Lock _gate = new();
    private int _last;

    /// <summary>Writes down that an operation begins, before it does.</summary>
    public Op Begin(string kind, string source, string key)
    {
        var op = new Op(Interlocked.Increment(ref _last), kind, source, key, TimeProvider.System.GetUtcNow());
        Write(op);
        return op;
    }

    /// <summary>Writes down how it ended.</summary>
    public void End(Op op, string outcome) => Write(op with { At = TimeProvider.System.GetUtcNow(), Outcome = outcome });

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<Op> Read()
    {
        lock (_gate)
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            List<Op> all = [];
            while (reader.ReadLine() is { } line)
            {
                all.Add(JsonSerializer.Deserialize<Op>(line)!);
            }

            return all;
        }
    }

    public void Dispose() => _writer.Dispose();

    private void Write(Op op)
    {
        lock (_gate)
        {
            _writer.WriteLine(JsonSerializer.Serialize(op));
        }
    }
}
