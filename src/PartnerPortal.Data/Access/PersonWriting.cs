using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Access;

/// <summary>Tells the audit log who changes people through Identity in this request. Stores take the actor as a parameter; Identity has no such place.</summary>
public sealed class PersonWriting(PortalContext context)
{
    /// <summary>What this request saves from now on is done by this actor.</summary>
    public void By(Actor actor) => context.By = actor;
}
