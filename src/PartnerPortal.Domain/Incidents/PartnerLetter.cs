using System.Globalization;

namespace PartnerPortal.Domain.Incidents;

/// <summary>The first message to a partner about an incident, to be looked over and sent by a person: since when, what we measure, which requests, where we meet.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
public sealed record PartnerLetter(string Subject, string Text)
{
    /// <summary>Writes it from what is known.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="figures">What the newest alert says; empty when nothing was measured.</param>
    /// <param name="requests">Ids of requests that went wrong.</param>
    public static PartnerLetter About(Incident incident, string figures, IReadOnlyList<string> requests)
    {
        string?[] lines =
        [
            "Hello,", "",
            $"we see a problem: {incident.Title}.",
            string.Create(CultureInfo.InvariantCulture, $"Started: {incident.Onset.Said} UTC, {incident.Onset.FirstBad.UtcDateTime:d MMMM yyyy}."),
            figures.Length > 0 ? $"Our figures: {figures}" : null,
            requests.Count > 0 ? $"Request ids: {string.Join(", ", requests)}" : null,
            incident.Bridge is { } bridge ? $"Bridge: {bridge}" : null,
            incident.TheirTicket is { } ticket ? $"Your ticket: {ticket}" : null,
            $"Our number: {incident.Label}", "",
            incident.TheirTicket is null ? "Please tell us your ticket number and what you see." : "Please tell us what you see.",
        ];
        return new($"{incident.Label}: {incident.Title}", string.Join('\n', lines.OfType<string>()) + "\n");
    }

    /// <summary>Opens it in the reader's own mail program.</summary>
    public string LinkTo(IEnumerable<string> addresses) =>
        $"mailto:{string.Join(',', addresses.Select(a => Uri.EscapeDataString(a).Replace("%40", "@", StringComparison.Ordinal)))}?subject={Uri.EscapeDataString(Subject)}&body={Uri.EscapeDataString(Text.ReplaceLineEndings("\r\n"))}";
}
