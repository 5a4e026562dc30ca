namespace PartnerPortal.Domain.Partners;

/// <summary>What a paper is.</summary>
public enum DocumentKind
{
    /// <summary>The contract.</summary>
    Contract,

    /// <summary>The agreement on processing personal data.</summary>
    DataAgreement,

    /// <summary>A certificate or key that stops working on a day.</summary>
    Certificate,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>A paper of the partnership and the day on which it ends. The paper itself stays where it is kept; this points at it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Url">Where it is kept; null when unknown.</param>
/// <param name="ExpiresOn">Its last day; null when it does not end.</param>
public sealed record PartnerDocument(DocumentKind Kind, string Title, string? Url, DateOnly? ExpiresOn);
