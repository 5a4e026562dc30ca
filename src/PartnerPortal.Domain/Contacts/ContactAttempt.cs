namespace PartnerPortal.Domain.Contacts;

/// <summary>How an attempt to reach a contact ended.</summary>
public enum AttemptOutcome
{
    /// <summary>Somebody answered.</summary>
    Reached,

    /// <summary>A machine answered.</summary>
    Voicemail,

    /// <summary>Somebody else answered, or nobody has this number.</summary>
    WrongNumber,

    /// <summary>The call was refused, or they would not help.</summary>
    Refused,
}

/// <summary>One attempt to reach a contact.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="By">Mail address of the person who tried.</param>
/// <param name="At">When.</param>
public sealed record ContactAttempt(AttemptOutcome Outcome, string By, DateTimeOffset At);
