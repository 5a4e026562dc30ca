namespace PartnerPortal.Domain.Contacts;

/// <summary>What a person or program wants a contact to be. Needed are only <see cref="Name"/> and <see cref="Side"/>; what is null is left as it is, an empty text clears.</summary>
/// <param name="Name">The person's or desk's name, 1 to 200 characters.</param>
/// <param name="Side">ours or partner; cannot change later.</param>
/// <param name="Kind">person or desk; person when absent.</param>
/// <param name="Role">What they are there for, up to 120 characters: on call, account manager.</param>
/// <param name="Phone">A number in the international form with +; see <see cref="Contacts.Phone"/>.</param>
/// <param name="Email">Mail address.</param>
/// <param name="TimeZone">IANA name, for example Europe/Stockholm; see <see cref="Zone"/>.</param>
/// <param name="Hours">When they work; see <see cref="WorkingHours"/>.</param>
/// <param name="Language">What they speak, up to 60 characters: sv, en.</param>
/// <param name="Notes">What the caller must know, up to 2000 characters: a customer id, a bridge number.</param>
/// <param name="Order">Whom to try first: place among the active contacts of that side, from 1; last when absent.</param>
public sealed record ContactDraft(
    string? Name = null,
    string? Side = null,
    string? Kind = null,
    string? Role = null,
    string? Phone = null,
    string? Email = null,
    string? TimeZone = null,
    string? Hours = null,
    string? Language = null,
    string? Notes = null,
    int? Order = null);
