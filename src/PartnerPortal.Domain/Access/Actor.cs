namespace PartnerPortal.Domain.Access;

/// <summary>Who does something: a person, a person's token, or the portal itself. Written into every audit row.</summary>
/// <param name="Id">The person's id; null for the portal itself.</param>
/// <param name="Name">What to show: the mail address, or "portal".</param>
/// <param name="Role">The role that the person has at this moment.</param>
/// <param name="Through">How: "page", "api", or the name of the engine module.</param>
/// <param name="PartnerId">Set when the actor is bound to one partner (a guest, a bound token).</param>
public sealed record Actor(Guid? Id, string Name, Role Role, string Through = "page", Guid? PartnerId = null)
{
    /// <summary>The portal acting by itself, for the named part of it.</summary>
    public static Actor Portal(string through) => new(null, "portal", Role.Administrator, through);

    /// <summary>Whether this actor's role has the right.</summary>
    public bool May(Right right) => Rights.Has(Role, right);
}
