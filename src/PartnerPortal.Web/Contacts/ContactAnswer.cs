using System.Globalization;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.Web.Contacts;

/// <summary>A contact as the API shows it.</summary>
public sealed record ContactAnswer(
    Guid Id, string Slug, Side Side, ContactKind Kind, string Name, string Role, string? Phone, string? Email, string? TimeZone, string? Hours,
    string Language, string Notes, int Order, ContactMoment Now, DateTimeOffset? ConfirmedAt, string? ConfirmedBy, ContactAttempt? LastAttempt,
    DateTimeOffset CreatedAt, DateTimeOffset? RemovedAt, string Version)
{
    /// <summary>The answer for a contact at a moment.</summary>
    public static ContactAnswer Of(Contact c, DateTimeOffset at) => new(
        c.Id, c.Slug, c.Side, c.Kind, c.Name, c.Role, c.Phone, c.Email, c.TimeZone, c.Hours,
        c.Language, c.Notes, c.Order, c.Moment(at), c.ConfirmedAt, c.ConfirmedBy, c.LastAttempt,
        c.CreatedAt, c.RemovedAt, c.Version.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What POST …/attempts takes.</summary>
public sealed record NewAttempt(string? Outcome);

/// <summary>What POST …/order takes.</summary>
public sealed record NewOrder(int? Order);
