using System.Globalization;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Domain.Escalation;

/// <summary>People who take turns. Everybody whom a layer of a schedule names is on call at the same time as those of its other layers, the first layer first.</summary>
/// <param name="Rotation">The unit of its shifts.</param>
/// <param name="Every">How many of them a shift is long.</param>
/// <param name="Handover">The first handover on the schedule's wall clock, as 2026-01-05T09:00; before it nobody of this layer is on call.</param>
/// <param name="People">Mail addresses in turn; an empty one is a shift of nobody.</param>
/// <param name="Hours">When within its shifts the layer covers, as mon-fri 09:00-17:00; null means always.</param>
public sealed record ScheduleLayer(RotationKind Rotation, int Every, string Handover, IReadOnlyList<string> People, string? Hours = null)
{
    /// <summary>How a handover is written.</summary>
    public const string HandoverFormat = "yyyy-MM-dd'T'HH:mm";

    internal static ScheduleLayer Check(FieldCheck check, string field, LayerDraft draft)
    {
        var every = draft.Every ?? 1;
        if (every is < 1 or > 9000)
        {
            check.Refuse($"{field}.every", "A shift is 1 to 9000 units long.");
        }

        if (!DateTime.TryParseExact(draft.Handover ?? "", HandoverFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var handover) || handover.Year is < 1970 or > 2199)
        {
            check.Refuse($"{field}.handover", "Write the first handover on the schedule's wall clock, like 2026-01-05T09:00.");
        }

        var people = (draft.People ?? []).Take(100).Select((p, n) => string.IsNullOrWhiteSpace(p) ? "" : check.Mail($"{field}.people[{n}]", p)?.ToLowerInvariant() ?? "").ToList();
        if (people.All(p => p.Length == 0) || draft.People?.Count > 100)
        {
            check.Refuse($"{field}.people", "Name 1 to 100 people by mail address, who begins on top.");
        }

        return new(check.Word($"{field}.rotation", draft.Rotation, RotationKind.Weekly), Math.Clamp(every, 1, 9000), handover.ToString(HandoverFormat, CultureInfo.InvariantCulture), people,
            WorkingHours.Check(check, $"{field}.hours", draft.Hours));
    }

    /// <summary>Its shifts in a zone.</summary>
    internal Rotation In(string zone) => new(Rotation, Every, DateTime.ParseExact(Handover, HandoverFormat, CultureInfo.InvariantCulture), zone);

    /// <summary>Who has a shift; null when it is nobody's.</summary>
    internal string? Of(long number) => number < 0 ? null : People[(int)(number % People.Count)] is { Length: > 0 } who ? who : null;
}

/// <summary>A layer as it was typed.</summary>
/// <param name="Rotation">hourly, daily, weekly or monthly; absent means weekly.</param>
/// <param name="Every">1 to 9000; absent means 1.</param>
/// <param name="Handover">As 2026-01-05T09:00.</param>
/// <param name="People">Mail addresses in turn.</param>
/// <param name="Hours">As mon-fri 09:00-17:00; absent means always.</param>
public sealed record LayerDraft(string? Rotation = null, int? Every = null, string? Handover = null, IReadOnlyList<string?>? People = null, string? Hours = null);
