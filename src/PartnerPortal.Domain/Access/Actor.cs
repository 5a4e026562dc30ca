namespace PartnerPortal.Domain.Access;

/// <summary>Who does something: a person, a person's token, or the portal itself. Written into every audit row.</summary>
/// <param name="Id">The person's id; null for the portal itself.</param>
/// <param name="Name">What to show: the mail address, or "portal".</param>
/// <param name="Role">The role that the person has at this moment.</param>
/// <param name="Through">How: "page", "api", or the name of the engine module.</param>
/// <param name="PartnerId">Set when the actor is bound to one partner (a guest, a bound token).</param>
/// <param name="Scopes">Set for tokens: what the token may be used for.</param>
/// <param name="TokenId">Set for tokens: which one.</param>
public sealed record Actor(Guid? Id, string Name, Role Role, string Through = "page", Guid? PartnerId = null, IReadOnlyList<Scope>? Scopes = null, Guid? TokenId = null)
{
    /// <summary>The portal acting by itself, for the named part of it.</summary>
    public static Actor Portal(string through) => new(null, "portal", Role.Administrator, through);

    /// <summary>Whether this actor's role has the right and, for a token, its scopes cover it.</summary>
    public bool May(Right right) => Rights.Has(Role, right) && (Scopes is null || Access.Scopes.Cover(Scopes, right));

    /// <summary>Whether this actor may know of a partner: everybody but those bound to another one.</summary>
    public bool Sees(Guid partnerId) => PartnerId is null || PartnerId == partnerId;

    /// <summary>Refuses an actor that has not the right.</summary>
    /// <exception cref="NotAllowed">The role or the token's scopes do not cover it.</exception>
    public void Need(Right right)
    {
        if (!May(right))
        {
            throw new NotAllowed(this, right);
        }
    }
}
