using System.IO.Enumeration;
using System.Text.RegularExpressions;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>
/// Where an alert stands in a sender's own JSON. The texts may name places in braces, as JSONPath: <c>{$.incident.id}</c> from the document,
/// <c>{@.title}</c> from the item, <c>{$.a | $.b}</c> the first that holds something. Words may hold the wildcards * and ?; case does not count.
/// </summary>
/// <param name="Title">What people call the problem; must come out as something.</param>
/// <param name="Key">What makes two reports the same problem; absent or empty: the title.</param>
/// <param name="Summary">A sentence or more.</param>
/// <param name="State">Whether it is there or over.</param>
/// <param name="Firing">States that mean it is there; absent: every one that is in no other list. With this list, others say nothing.</param>
/// <param name="Resolved">States that mean it is over.</param>
/// <param name="Acknowledged">States that mean somebody on the sender's side has it.</param>
/// <param name="Severity">How bad it is, in the sender's word.</param>
/// <param name="Severities">What the sender's words mean: critical, warning or info. Common words are known.</param>
/// <param name="StartedAt">The sender's own start: ISO 8601, or seconds to nanoseconds since 1970.</param>
/// <param name="Link">Where the sender shows it.</param>
/// <param name="Each">A path to the items of a delivery that holds several alerts, such as <c>$.alerts[*]</c>; when it finds none, the document is the one item.</param>
/// <param name="Labels">Labels for grouping and runbooks, by name.</param>
/// <param name="WithoutBrackets">A title's leading part in square brackets is not part of it, as in “[Recovered] Disk is full”.</param>
public sealed partial record AlertMapping(
    string? Title = null, string? Key = null, string? Summary = null, string? State = null, IReadOnlyList<string>? Firing = null, IReadOnlyList<string>? Resolved = null,
    IReadOnlyList<string>? Acknowledged = null, string? Severity = null, IReadOnlyDictionary<string, string>? Severities = null, string? StartedAt = null, string? Link = null,
    string? Each = null, IReadOnlyDictionary<string, string>? Labels = null, bool WithoutBrackets = false)
{
    private const int Longest = 1000;
    private const int MostEntries = 50;

    /// <summary>Refuses what cannot be read.</summary>
    /// <exception cref="FieldsRefused">The fields are called mapping.title and so on.</exception>
    public void MakeSureItCanBeRead()
    {
        var check = new FieldCheck();
        Check(check);
        check.ThrowIfRefused();
    }

    internal void Check(FieldCheck check)
    {
        if (string.IsNullOrWhiteSpace(Title))
        {
            check.Refuse("mapping.title", "Say where the title stands, for example {$.title}.");
        }

        foreach (var (field, text) in new[] { ("title", Title), ("key", Key), ("summary", Summary), ("state", State), ("severity", Severity), ("startedAt", StartedAt), ("link", Link) }
            .Concat((Labels ?? new Dictionary<string, string>()).Select(l => ($"labels.{l.Key}", (string?)l.Value))))
        {
            Read(field, () => MappedText.Parse(text is { Length: > Longest } ? throw new FormatException($"Keep it under {Longest} characters.") : text));
        }

        Read("each", () => string.IsNullOrWhiteSpace(Each) ? null : JsonPath.Read(Each));
        foreach (var (word, meaning) in Severities ?? new Dictionary<string, string>())
        {
            if (!Words.TryParse<Severity>(meaning, out _))
            {
                check.Refuse("mapping.severities", $"“{word}” must mean critical, warning or info.");
            }
        }

        if (new[] { Firing?.Count, Resolved?.Count, Acknowledged?.Count, Severities?.Count, Labels?.Count }.Any(c => c > MostEntries))
        {
            check.Refuse("mapping", $"Keep every list under {MostEntries} entries.");
        }

        void Read(string field, Func<object?> read)
        {
            try
            {
                read();
            }
            catch (FormatException wrong)
            {
                check.Refuse($"mapping.{field}", wrong.Message);
            }
        }
    }

    /// <summary>The alerts of a body.</summary>
    /// <exception cref="FieldsRefused">There is no title where the mapping says.</exception>
    internal IReadOnlyList<AlertSignal> Read(PostedJson root)
    {
        var document = root.Element;
        List<JsonPlace> items = string.IsNullOrWhiteSpace(Each) ? [] : [.. JsonPath.Read(Each).Find(new(document, "")).Take(AlertFormats.MostSignals + 1)];
        var texts = (Title: MappedText.Parse(Title), Key: MappedText.Parse(Key), Summary: MappedText.Parse(Summary), State: MappedText.Parse(State),
            Severity: MappedText.Parse(Severity), StartedAt: MappedText.Parse(StartedAt), Link: MappedText.Parse(Link));
        List<AlertSignal> signals = [];
        foreach (var item in items.Count > 0 ? items.Select(i => i.Value) : [document])
        {
            if (KindOf(texts.State.Read(document, item)) is not { } kind)
            {
                continue;
            }

            var title = texts.Title.Read(document, item);
            title = WithoutBrackets && Brackets().Replace(title, "") is { Length: > 0 } rest ? rest : title;
            if (title.Length == 0)
            {
                throw new FieldsRefused("body", $"The mapping's title, {PostedJson.Cut(Title ?? "", 100)}, finds nothing in this body.");
            }

            var key = texts.Key.Read(document, item);
            var labels = (Labels ?? new Dictionary<string, string>()).Select(l => (l.Key, Value: PostedJson.Cut(MappedText.Parse(l.Value).Read(document, item), 1000)))
                .Where(l => l.Value.Length > 0).ToDictionary(l => l.Key, l => l.Value);
            signals.Add(new(
                kind, PostedJson.Key(key.Length > 0 ? key : title), PostedJson.Cut(title, 200), PostedJson.Cut(texts.Summary.Read(document, item) is { Length: > 0 } summary ? summary : title, 2000),
                SeverityOf(texts.Severity.Read(document, item)), MappedMoment.Read(texts.StartedAt.Read(document, item)), null, labels,
                Uri.TryCreate(texts.Link.Read(document, item), UriKind.Absolute, out var link) && link.Scheme is "http" or "https" && link.OriginalString.Length <= 2000 ? link.OriginalString : null));
        }

        return signals;
    }

    /// <summary>Null when a state says nothing about the problem, such as a comment.</summary>
    private SignalKind? KindOf(string state) => Holds(Resolved, state) ? SignalKind.Resolved
        : Holds(Acknowledged, state) ? SignalKind.Acknowledged
        : Firing is { Count: > 0 } && !Holds(Firing, state) ? null : SignalKind.Firing;

    private Severity SeverityOf(string word)
    {
        var meant = (Severities ?? new Dictionary<string, string>()).FirstOrDefault(s => string.Equals(s.Key, word, StringComparison.OrdinalIgnoreCase)).Value ?? word;
        return Words.TryParse<Severity>(meant, out var severity) ? severity : AlertFormats.SeverityOf(meant);
    }

    private static bool Holds(IReadOnlyList<string>? words, string state) => words?.Any(w => FileSystemName.MatchesSimpleExpression(w, state)) == true;

    [GeneratedRegex(@"^\[[^\]]*\]\s*")]
    private static partial Regex Brackets();
}
