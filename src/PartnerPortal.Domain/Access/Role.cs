namespace PartnerPortal.Domain.Access;

/// <summary>What a person is to the portal. One role a person; <see cref="Rights"/> says what each may do.</summary>
public enum Role
{
    /// <summary>The partner's engineer: sees only the review items that the partner answers.</summary>
    Guest,

    /// <summary>Reads partners, metrics, incidents and runbooks.</summary>
    Viewer,

    /// <summary>Builds integrations: edits partners, answers and concludes reviews.</summary>
    Engineer,

    /// <summary>Keeps them running: edits partners, answers reviews, follows escalations and runbooks.</summary>
    Operator,

    /// <summary>Decides: moves stages, approves waivers.</summary>
    Manager,

    /// <summary>May do everything, people and configuration included.</summary>
    Administrator,
}
