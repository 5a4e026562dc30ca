using System.Globalization;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Domain.Escalation;

/// <summary>Somebody who would be called, with what the caller needs.</summary>
/// <param name="Key">Mail address of one of ours, partner/contact, or service/slug.</param>
/// <param name="Name">Name.</param>
/// <param name="Side">Ours or theirs.</param>
/// <param name="Phone">Number in E.164; null when unknown.</param>
/// <param name="Email">Mail address; null when unknown.</param>
/// <param name="TimeZone">IANA zone; null when unknown.</param>
/// <param name="Hours">Working hours; null when unknown.</param>
/// <param name="Kind">A person or a desk.</param>
/// <param name="Language">What they speak.</param>
/// <param name="Notes">What the caller must know.</param>
/// <param name="ConfirmedAt">When somebody last made sure that number and mail are right.</param>
/// <param name="WrongNumber">Whether the last try ended at a wrong number.</param>
public sealed record Callee(
    string Key, string Name, Side Side, string? Phone, string? Email, string? TimeZone, string? Hours,
    ContactKind Kind = ContactKind.Person, string Language = "", string Notes = "", DateTimeOffset? ConfirmedAt = null, bool WrongNumber = false)
{
    /// <summary>How the key of a service begins.</summary>
    public const string ServiceMark = "service/";

    /// <summary>Whether it is a service instead of somebody.</summary>
    public bool IsService => Key.StartsWith(ServiceMark, StringComparison.Ordinal);

    /// <summary>Whether there is any way to reach them.</summary>
    public bool CanBeReached => Phone is not null || Email is not null || IsService;

    /// <summary>How it is for them at a moment.</summary>
    public ContactMoment Moment(DateTimeOffset at) => ContactMoment.Of(Kind, TimeZone, Hours, at);

    /// <summary>What speaks for and against calling them at a moment, in sentences without a full stop.</summary>
    public IReadOnlyList<string> Reasons(DateTimeOffset at)
    {
        if (IsService)
        {
            return ["a service: takes pages at any hour"];
        }

        List<string> reasons = [Said(Moment(at))];
        if (Phone is null)
        {
            reasons.Add("no phone number: by mail only");
        }
        else if (WrongNumber)
        {
            reasons.Add("the last call ended at a wrong number");
        }

        return reasons;
    }

    private static string Said(ContactMoment moment)
    {
        var clock = moment.LocalTime is { } there ? Clock(there) : null;
        return moment switch
        {
            { Presence: Presence.AtWork, Until: null } => clock is null ? "always there" : $"always there, {clock} there",
            { Presence: Presence.AtWork } => $"at work, {clock} there",
            { Asleep: true } => $"probably asleep, {clock} there",
            { Presence: Presence.Away, Next: { } next } => $"off work, {clock} there, back {Clock(next.ToOffset(moment.LocalTime?.Offset ?? TimeSpan.Zero))}",
            { Presence: Presence.Away } => $"off work, {clock} there",
            _ => clock is null ? "hours and zone not entered" : $"{clock} there, hours not entered",
        };
    }

    private static string Clock(DateTimeOffset there) => there.ToString("HH:mm ddd", CultureInfo.InvariantCulture);
}

/// <summary>What a target stands for at a moment.</summary>
/// <param name="Label">What people call the target: "Ana", "team Payments".</param>
/// <param name="Callees">Everybody it calls, in order; those who cannot be reached included.</param>
/// <param name="Gap">Why it calls nobody; null when it does.</param>
/// <param name="Back">When somebody will be on call again; null when nobody knows, or somebody is.</param>
public sealed record Reached(string Label, IReadOnlyList<Callee> Callees, string? Gap = null, DateTimeOffset? Back = null);
