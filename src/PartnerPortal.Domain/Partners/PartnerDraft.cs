namespace PartnerPortal.Domain.Partners;

/// <summary>What a person or program wants a partner to be. Only <see cref="Name"/> is needed; what is null is left as it is (or at its default).</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Slug">Derived from the name when absent; cannot change later.</param>
/// <param name="Summary">What they do for us, up to 2000 characters.</param>
/// <param name="Owner">Mail address of the person on our side.</param>
/// <param name="Deputy">Mail address of the owner's deputy.</param>
/// <param name="Tier">strategic, standard or self service.</param>
/// <param name="Tags">Up to 20 words of up to 40 characters.</param>
/// <param name="Links">Up to 30 web pages.</param>
/// <param name="Documents">Up to 50 papers.</param>
/// <param name="MailAddress">The one address of ours that the partner writes to.</param>
public sealed record PartnerDraft(
    string? Name = null,
    string? Slug = null,
    string? Summary = null,
    string? Owner = null,
    string? Deputy = null,
    string? Tier = null,
    IReadOnlyList<string>? Tags = null,
    IReadOnlyList<LinkDraft>? Links = null,
    IReadOnlyList<DocumentDraft>? Documents = null,
    string? MailAddress = null);

/// <summary>A link as it was typed.</summary>
public sealed record LinkDraft(string? Kind, string? Url);

/// <summary>A document as it was typed.</summary>
public sealed record DocumentDraft(string? Kind, string? Title, string? Url, DateOnly? ExpiresOn);
