using PartnerPortal.Domain;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Web.Contacts;

/// <summary>What somebody types about a contact, before rules look at it.</summary>
public sealed class ContactForm
{
    public Side Side { get; set; } = Side.Partner;
    public ContactKind Kind { get; set; }
    public string? Name { get; set; }
    public string? Role { get; set; }
    public string? Phone { get; set; }
    public string? Email { get; set; }
    public string? TimeZone { get; set; }
    public string? Hours { get; set; }
    public string? Language { get; set; }
    public string? Notes { get; set; }

    /// <summary>The form filled with what is stored.</summary>
    public static ContactForm Of(Contact c) => new()
    {
        Side = c.Side,
        Kind = c.Kind,
        Name = c.Name,
        Role = c.Role,
        Phone = c.Phone is null ? null : Domain.Contacts.Phone.Shown(c.Phone),
        Email = c.Email,
        TimeZone = c.TimeZone,
        Hours = c.Hours,
        Language = c.Language,
        Notes = c.Notes,
    };

    /// <summary>As the rules take it. An emptied field is meant to be empty.</summary>
    public ContactDraft Draft() => new(
        Name ?? "", Words.Of(Side), Words.Of(Kind), Role ?? "", Phone ?? "", Email ?? "", TimeZone ?? "", Hours ?? "", Language ?? "", Notes ?? "");

    /// <summary>How it would be for them now; null while zone and hours cannot be read.</summary>
    public ContactMoment? Moment(DateTimeOffset at)
    {
        var check = new FieldCheck();
        var (zone, hours) = (Zone.Check(check, "timeZone", TimeZone), WorkingHours.Check(check, "hours", Hours));
        return check.Good && (zone, hours) != (null, null) ? ContactMoment.Of(Kind, zone, hours, at) : null;
    }
}
