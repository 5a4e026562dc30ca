namespace PartnerPortal.Domain.Access;

/// <summary>Something that a person or token may be allowed to do. Every page, handler and endpoint names exactly one.</summary>
public enum Right
{
    /// <summary>Being signed in is enough: the own account, help.</summary>
    SignedIn,

    /// <summary>Answer the review items that are one's own (guests: those the partner answers).</summary>
    AnswerOwnItems,

    /// <summary>Read partners, contacts, metrics, incidents, runbooks.</summary>
    Read,

    /// <summary>Edit partners, contacts, metric sources, rules, checks, contracts.</summary>
    Edit,

    /// <summary>Answer reviews.</summary>
    AnswerReviews,

    /// <summary>Conclude and sign reviews.</summary>
    ConcludeReviews,

    /// <summary>Acknowledge, escalate, resolve, run runbooks, override own shifts.</summary>
    Respond,

    /// <summary>Edit escalation policies, schedules, runbooks, silences.</summary>
    EditPolicies,

    /// <summary>Ask for stage moves, waivers, scorecard rules.</summary>
    RequestMoves,

    /// <summary>Move stages, approve waivers, change scorecard rules.</summary>
    MoveStages,

    /// <summary>People, tokens, configuration, everybody's audit log.</summary>
    Administer,
}
