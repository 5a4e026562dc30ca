using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>Two texts of one answer, made from the same version.</summary>
/// <param name="Mine">What this person wrote.</param>
/// <param name="Theirs">What is stored.</param>
public sealed record AnswerConflict(AnswerDraft Mine, Answer Theirs);

/// <summary>Which text a conflict ends with.</summary>
public enum KeepText
{
    /// <summary>What is stored.</summary>
    Theirs,

    /// <summary>What this person wrote.</summary>
    Mine,

    /// <summary>Both, below each other.</summary>
    Both,
}

/// <summary>How saving an answer ended.</summary>
public enum SaveResult
{
    /// <summary>Stored.</summary>
    Done,

    /// <summary>Somebody else was first; both texts are shown.</summary>
    Conflict,

    /// <summary>Not accepted; a sentence says why.</summary>
    Refused,

    /// <summary>The database cannot be reached; try again.</summary>
    Away,
}
