using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Incidents;

/// <summary>Ids of single requests that went wrong: what a partner's engineers search their logs for. Found in labels, in what alerts say, and in notes of people.</summary>
public static partial class RequestIds
{
    /// <summary>At most so many are named: a sample, not a log.</summary>
    public const int Most = 10;

    private static readonly string[] Names = ["requestid", "requestids", "correlationid", "traceid", "partnerrequestid"];

    /// <summary>Whether a label of this name holds such an id: request_id, X-Request-Id, correlationId, trace_id.</summary>
    public static bool IsName(string name)
    {
        var plain = new string([.. name.Where(char.IsLetterOrDigit)]).ToLowerInvariant();
        return Names.Contains(plain.StartsWith('x') ? plain[1..] : plain);
    }

    /// <summary>The ids that alerts and texts name, in their order, each once, at most <see cref="Most"/>.</summary>
    /// <param name="alerts">Alerts of an incident.</param>
    /// <param name="notes">What people wrote down about it.</param>
    public static IReadOnlyList<string> In(IEnumerable<Alert> alerts, IEnumerable<string> notes) =>
        [.. alerts.SelectMany(a => a.Labels.Where(l => IsName(l.Key)).SelectMany(l => Ids(l.Value)).Concat(InText(a.Summary)))
            .Concat(notes.SelectMany(InText)).Distinct().Take(Most)];

    /// <summary>The ids that a text names as such: "request id 8f3a-11", "X-Request-Id: a81, b72", "req_9fk2Lm".</summary>
    public static IEnumerable<string> InText(string text) =>
        Named().Matches(text).SelectMany(m => Ids(m.Groups["list"].Value)).Concat(Prefixed().Matches(text).Select(m => m.Value)).Distinct();

    // As long as what follows looks like an id: words such as "unknown" do not, since an id holds a digit.
    private static IEnumerable<string> Ids(string list) =>
        list.Split([' ', ',', ';', '"', '\'', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(word => word is not ("and" or "is" or "was" or "are" or "were" or ":" or "=" or "#")).Select(word => word.Trim('.', ':', '=', '#'))
            .TakeWhile(word => word.Length is >= 3 and <= 128 && word.Any(char.IsAsciiDigit));

    [GeneratedRegex(@"\b(?:x-)?(?:request|correlation|trace)[ _-]?ids?\b(?=(?<list>[^\r\n]{0,1000}))", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(@"\breq_[A-Za-z0-9]{6,64}\b")]
    private static partial Regex Prefixed();
}
