using System.Text.RegularExpressions;

namespace PartnerPortal.Domain.Incidents.Formats;

/// <summary>
/// A mail's subject as monitoring tools write it: marks that say how the problem stands, and what it is about. Marks stand in square brackets, before a
/// colon or a bar, in capital letters, or as “is CRITICAL” at the end; they change from mail to mail, and what is left names the problem.
/// </summary>
/// <param name="Title">The subject without Re:, Fwd: and their like.</param>
/// <param name="About">What is left without the marks, in small letters; empty when nothing is.</param>
/// <param name="Kind">There, over, or taken; null when it says neither, such as that a downtime begins.</param>
/// <param name="Severity">How bad its words say it is; null when they do not.</param>
internal sealed partial record MailSubject(string Title, string About, SignalKind? Kind, Severity? Severity)
{
    private const string Over = "resolved|recovered|recovery|restored|solved|closed|cleared|clear|normal|ok|up";
    private const string Taken = "acknowledged|acknowledgement|acknowledgment|ack";
    private const string Aside = "flapping(?:start|stop|disabled)?|downtime(?:start|end|cancelled|removed)?";
    private const string There = "firing|problem|alerting|alert|alarm|triggered|opened|open|new|down|unreachable|unknown|no data|failed|failure|error|"
        + "critical|crit|emergency|fatal|disaster|warning|warn|notice|info|p[1-5]";
    private const string Word = $"(?<word>{Over}|{Taken}|{Aside}|{There})";

    // [FIRING:2, RESOLVED:1] Disk, [Recovered on {host:db}] Disk
    private const string InBrackets = $@"(?i:\[\s*{Word}(?::\d+)?(?:,\s*resolved:\d+)?(?<more>\s+on\s[^\]]*)?\s*\])";

    // OK: Disk, DOWN | Disk, UP alert: Disk, Monitor is DOWN: Disk, Resolved in 1h 5m: Disk
    private const string BeforeColon =
        $@"(?i:(?:(?:monitor|incident|issue|alert)\s+(?:is\s+)?)?{Word}(?:\s+in\s[\dwdhms ]{{1,30}})?(?:\s+(?:alert|alarm))?(?:[:|](?!\d)|\s[-–|]\s|!\s|$))";

    // RECOVERY Service Alert: Disk, FIRING:2 Disk
    private const string InCapitals = @"(?<word>FIRING|PROBLEM|TRIGGERED|RESOLVED|RECOVERED|RECOVERY|ACKNOWLEDGEMENT|FLAPPING[A-Z]*|DOWNTIME[A-Z]*)(?::\d+)?\s";

    private static readonly char[] _decoration = [' ', '*', '|', '-', '–', '—', ':', '!', '#', '>'];

    /// <summary>Reads a subject.</summary>
    public static MailSubject Read(string subject)
    {
        var title = Answers().Replace(Spaces().Replace(subject, " ").Trim(), "").Trim();
        var (mark, about) = Begin(title);
        var end = End().Match(about);
        about = end.Success ? about[..end.Index] : about;
        // What only says that it is an alert leaves it to the end to say how it stands.
        var state = end.Success && mark is null or "alert" or "alarm" ? end.Groups["word"].Value : mark;
        return new(title, Spaces().Replace(about, " ").Trim(_decoration).ToLowerInvariant(), KindOf(state ?? ""), SeverityOf(title, mark));
    }

    // The first mark says how it stands, and what would leave nothing is none: an alert may be called Down. Of brackets that are no marks, such as the tool's name, the whole stays.
    private static (string? Mark, string About) Begin(string title)
    {
        string? mark = null;
        var (kept, rest) = ("", title);
        while (true)
        {
            rest = rest.TrimStart(_decoration);
            if (Mark().Match(rest) is { Success: true } found && (mark is null || found.Length < rest.Length))
            {
                mark ??= found.Groups["word"].Value.ToLowerInvariant();
                (kept, rest) = ($"{kept}{found.Groups["more"].Value} ", rest[found.Length..]);
            }
            else if (Brackets().Match(rest) is { Success: true } other)
            {
                (kept, rest) = ($"{kept}{other.Value} ", rest[other.Length..]);
            }
            else
            {
                return (mark, $"{kept}{rest}");
            }
        }
    }

    private static SignalKind? KindOf(string mark) => Is(mark, Over) ? SignalKind.Resolved : Is(mark, Taken) ? SignalKind.Acknowledged : Is(mark, Aside) ? null : SignalKind.Firing;

    private static Severity? SeverityOf(string title, string? mark) => Critical().IsMatch(title) ? Incidents.Severity.Critical
        : Warning().IsMatch(title) ? Incidents.Severity.Warning
        : mark is "info" or "notice" or "p4" or "p5" || Info().IsMatch(title) ? Incidents.Severity.Info : null;

    private static bool Is(string mark, string words) => Regex.IsMatch(mark, $"^(?:{words})$", RegexOptions.IgnoreCase);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(?:(?:re|fwd?|aw|wg|sv|vs|antw|tr|rv)(?:\[\d+\])?\s*:\s*)+", RegexOptions.IgnoreCase)]
    private static partial Regex Answers();

    [GeneratedRegex($"^(?:{InBrackets}|{BeforeColon}|{InCapitals})")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\[[^\]]*\]")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\s+is(?: now)?\s+(?<word>OK|UP|DOWN|CRITICAL|WARNING|UNKNOWN|UNREACHABLE)\W*$")]
    private static partial Regex End();

    [GeneratedRegex(@"\b(?:critical|crit|emergency|fatal|disaster|down|P1|SEV-?1)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Critical();

    [GeneratedRegex(@"\b(?:warning|warn|P[23])\b", RegexOptions.IgnoreCase)]
    private static partial Regex Warning();

    [GeneratedRegex(@"\b(?:INFO|INFORMATION|NOTICE)\b")]
    private static partial Regex Info();
}
