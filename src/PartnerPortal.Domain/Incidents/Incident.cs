// Above 300 lines: every verb of an incident and its guards stand together, so that no state is changed from two places.
namespace PartnerPortal.Domain.Incidents;

/// <summary>
/// Something that hurts, and that somebody must take: made of the alerts of one problem, or declared by a person.
/// Every verb answers with the line for the timeline; what is over stays over.
/// </summary>
public sealed class Incident
{
    /// <summary>How long somebody who took it may stay silent before it is nobody's again, unless the settings say otherwise.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(30);

    /// <summary>The longest quiet time.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(7);

    private Incident()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The number that people say: INC-214. Given by the database when the incident is stored.</summary>
    public int Number { get; private init; }

    /// <summary>The partner; null when it is on us.</summary>
    public Guid? PartnerId { get; private init; }

    /// <summary>The integration; null when it is on us.</summary>
    public Guid? IntegrationId { get; private init; }

    /// <summary>Further integrations that the same cause hits.</summary>
    public IReadOnlyList<Guid> AlsoHit { get; private set; } = [];

    /// <summary>What makes alerts join it while it is open.</summary>
    public string Group { get; private init; } = "";

    /// <summary>What is wrong.</summary>
    public string Title { get; private set; } = "";

    /// <summary>What users cannot do; empty when nobody wrote it.</summary>
    public string WhatUsersSee { get; private set; } = "";

    /// <summary>How bad it is: the worst of its alerts, unless a person said otherwise.</summary>
    public Severity Severity { get; private set; }

    /// <summary>How loudly people are told.</summary>
    public Urgency Urgency { get; private set; }

    /// <summary>When it began, as far as is known.</summary>
    public Onset Onset { get; private set; } = default!;

    /// <summary>When the portal knew.</summary>
    public DateTimeOffset OpenedAt { get; private init; }

    /// <summary>Who or what opened it: a mail address or a source.</summary>
    public string OpenedBy { get; private init; } = "";

    /// <summary>Who has it: a mail address; null while nobody has.</summary>
    public string? AcknowledgedBy { get; private set; }

    /// <summary>Since when they have it.</summary>
    public DateTimeOffset? AcknowledgedAt { get; private set; }

    /// <summary>When it is nobody's again unless somebody acts.</summary>
    public DateTimeOffset? AcknowledgedUntil { get; private set; }

    /// <summary>Until when it is quiet.</summary>
    public DateTimeOffset? SnoozedUntil { get; private set; }

    /// <summary>Mail addresses of those who were added.</summary>
    public IReadOnlyList<string> Responders { get; private set; } = [];

    /// <summary>Where people talk: a web address or a number.</summary>
    public string? Bridge { get; private set; }

    /// <summary>The partner's own number for it.</summary>
    public string? TheirTicket { get; private set; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>Who or what ended it.</summary>
    public string? ResolvedBy { get; private set; }

    /// <summary>The incident that it was merged into.</summary>
    public Guid? MergedInto { get; private set; }

    /// <summary>The incident on us that it is a part of, because unrelated partners failed together; null when it stands by itself.</summary>
    public Guid? PartOf { get; private set; }

    /// <summary>Whether it is a fire drill: it pages for real, and nothing is wrong.</summary>
    public bool Drill { get; private init; }

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    /// <summary>What people call it.</summary>
    public string Label => LabelOf(Number);

    /// <summary>Where it stands. Who snoozes it has it and keeps it.</summary>
    public IncidentState State => ResolvedAt is not null ? IncidentState.Resolved
        : SnoozedUntil is not null ? IncidentState.Snoozed
        : AcknowledgedBy is not null ? IncidentState.Acknowledged
        : IncidentState.Open;

    /// <summary>What people call the incident of a number.</summary>
    public static string LabelOf(int number) => FormattableString.Invariant($"INC-{number}");

    /// <summary>Opens an incident.</summary>
    public static Incident Open(IncidentReport report, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        PartnerId = report.PartnerId,
        IntegrationId = report.IntegrationId,
        Group = report.Group,
        Title = report.Title,
        WhatUsersSee = report.WhatUsersSee,
        Severity = report.Severity,
        Urgency = report.Urgency,
        Onset = report.Onset,
        OpenedAt = at,
        OpenedBy = report.OpenedBy,
    };

    /// <summary>Opens a fire drill of a policy.</summary>
    public static Incident Drilled(string group, string policy, string by, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Group = group,
        Title = $"DRILL: {policy}",
        WhatUsersSee = "Nothing is wrong. Take it to show that you were reached.",
        Severity = Severity.Critical,
        Urgency = Urgency.Page,
        Onset = new(null, at, "drill"),
        OpenedAt = at,
        OpenedBy = by,
        Drill = true,
    };

    /// <summary>It is a part of an incident on us, which pages in its place.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public string BecomePartOf(Incident parent)
    {
        MakeSureItIsOpen();
        PartOf = parent.Id;
        foreach (var hit in AlsoHit.Concat(IntegrationId is { } own ? [own] : []))
        {
            parent.Hit(hit);
        }

        parent.Join(Severity, Urgency, Onset);
        return $"It is part of {parent.Label}: {parent.Title}. It pages by itself again when that is over and this is not.";
    }

    /// <summary>It stands by itself again.</summary>
    public string StandAlone()
    {
        PartOf = null;
        return "It is still not over, so it pages by itself again.";
    }

    /// <summary>Another alert of the same problem: the earlier start and the worse severity hold.</summary>
    public void Join(Severity severity, Urgency urgency, Onset onset)
    {
        Severity = severity < Severity ? severity : Severity;
        Urgency = urgency < Urgency ? urgency : Urgency;
        Onset = onset.FirstBad < Onset.FirstBad ? onset : Onset;
    }

    /// <summary>The start is known more exactly.</summary>
    public void Refine(Onset onset) => Onset = onset.FirstBad <= Onset.FirstBad ? onset : Onset;

    /// <summary>Somebody takes it. The first one has it; who comes later is told who has it, and who comes again keeps it longer.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public string Acknowledge(string by, TimeSpan patience, DateTimeOffset at)
    {
        MakeSureItIsOpen();
        if (AcknowledgedBy is { } has && has != by)
        {
            return $"{by} wanted to take it; {has} already has it.";
        }

        var again = AcknowledgedBy is not null;
        (AcknowledgedBy, AcknowledgedAt, SnoozedUntil) = (by, AcknowledgedAt ?? at, null);
        AcknowledgedUntil = at + patience;
        return again ? $"{by} still has it." : $"{by} has it.";
    }

    /// <summary>Somebody else has it from now on.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public string Reassign(string to, string by, TimeSpan patience, DateTimeOffset at)
    {
        MakeSureItIsOpen();
        (AcknowledgedBy, AcknowledgedAt, AcknowledgedUntil, SnoozedUntil) = (to, at, at + patience, null);
        return to == by ? $"{by} took it over." : $"{by} gave it to {to}.";
    }

    /// <summary>Whoever has it acted: the time until it is nobody's again begins anew.</summary>
    public void Touch(TimeSpan patience, DateTimeOffset at)
    {
        if (State == IncidentState.Acknowledged)
        {
            AcknowledgedUntil = at + patience;
        }
    }

    /// <summary>Nobody acted for too long.</summary>
    public string LoseAcknowledgement()
    {
        var had = AcknowledgedBy;
        (AcknowledgedBy, AcknowledgedAt, AcknowledgedUntil) = (null, null, null);
        return $"{had} has not acted for too long: it is nobody's again, and people are paged anew.";
    }

    /// <summary>Nobody has it: the next step is wanted at once.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public string Escalate(string by)
    {
        MakeSureItIsOpen();
        (AcknowledgedBy, AcknowledgedAt, AcknowledgedUntil, SnoozedUntil) = (null, null, null, null);
        return $"{by} asked for the next step at once.";
    }

    /// <summary>It is quiet until a moment; then people are paged anew.</summary>
    /// <exception cref="RuleBroken">It is over, or the moment is past or too far.</exception>
    public string Snooze(DateTimeOffset until, string by, DateTimeOffset at)
    {
        MakeSureItIsOpen();
        if (until <= at || until - at > LongestSnooze)
        {
            throw new RuleBroken("Choose a moment within the next 7 days.");
        }

        (AcknowledgedBy, AcknowledgedAt, AcknowledgedUntil, SnoozedUntil) = (by, AcknowledgedBy == by ? AcknowledgedAt : at, null, until);
        return FormattableString.Invariant($"{by} snoozed it until {until.UtcDateTime:HH:mm} UTC on {until.UtcDateTime:d MMMM}.");
    }

    /// <summary>The quiet time is over.</summary>
    public string WakeUp()
    {
        (AcknowledgedBy, AcknowledgedAt, AcknowledgedUntil, SnoozedUntil) = (null, null, null, null);
        return "The quiet time is over: people are paged anew.";
    }

    /// <summary>Adds somebody; the same person twice changes nothing.</summary>
    /// <exception cref="RuleBroken">It is over.</exception>
    public string Add(string responder, string by)
    {
        MakeSureItIsOpen();
        Responders = [.. Responders.Append(responder).Distinct()];
        return $"{by} asked {responder} to help.";
    }

    /// <summary>The same cause hits another integration, too.</summary>
    public void Hit(Guid integration)
    {
        if (integration != IntegrationId && !AlsoHit.Contains(integration))
        {
            AlsoHit = [.. AlsoHit, integration];
        }
    }

    /// <summary>Changes details.</summary>
    /// <returns>A sentence; null when nothing changed.</returns>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public string? Change(IncidentChange change, string by)
    {
        var check = new FieldCheck();
        List<string> said = [];
        Title = Changed(change.Title is null ? Title : check.Needed("title", change.Title, "what is wrong"), Title, "the title", said);
        WhatUsersSee = Changed(change.WhatUsersSee is null ? WhatUsersSee : check.Text("whatUsersSee", change.WhatUsersSee), WhatUsersSee, "what users see", said);
        Bridge = Changed(change.Bridge is null ? Bridge : Empty(check.Text("bridge", change.Bridge, 500)), Bridge, "the bridge", said);
        TheirTicket = Changed(change.TheirTicket is null ? TheirTicket : Empty(check.Text("theirTicket", change.TheirTicket, 200)), TheirTicket, "their ticket", said);
        Severity = Changed(check.Word("severity", change.Severity, Severity), Severity, "the severity", said);
        check.ThrowIfRefused();
        return said.Count == 0 ? null : $"{by} set {string.Join(", ", said)}.";
    }

    /// <summary>It is over. Saying so twice keeps the first moment.</summary>
    public string Resolve(string by, DateTimeOffset at)
    {
        if (ResolvedAt is null)
        {
            (ResolvedAt, ResolvedBy, AcknowledgedUntil, SnoozedUntil) = (at, by, null, null);
        }

        return $"Resolved by {by}.";
    }

    /// <summary>It is the same as another one, which goes on.</summary>
    /// <exception cref="RuleBroken">One of them is over, or both are the same.</exception>
    public string MergeInto(Incident other, string by, DateTimeOffset at)
    {
        MakeSureItIsOpen();
        other.MakeSureItIsOpen();
        if (other.Id == Id)
        {
            throw new RuleBroken("An incident cannot be merged into itself. Name another one.");
        }

        foreach (var hit in AlsoHit.Concat(IntegrationId is { } own ? [own] : []))
        {
            other.Hit(hit);
        }

        other.Join(Severity, Urgency, Onset);
        MergedInto = other.Id;
        Resolve(by, at);
        return $"{by} merged it into {other.Label}.";
    }

    private void MakeSureItIsOpen()
    {
        if (ResolvedAt is not null)
        {
            throw new RuleBroken($"{Label} was resolved by {ResolvedBy} and stays so. Declare a new incident if it is back.");
        }
    }

    private static string? Empty(string text) => text.Length == 0 ? null : text;

    private static T Changed<T>(T now, T before, string what, List<string> said)
    {
        if (!EqualityComparer<T>.Default.Equals(now, before))
        {
            said.Add(now is null or "" ? $"{what} to nothing" : now is Enum ? $"{what} to {now.ToString()!.ToLowerInvariant()}" : $"{what} to “{now}”");
        }

        return now;
    }
}
