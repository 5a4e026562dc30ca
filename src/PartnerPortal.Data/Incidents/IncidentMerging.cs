using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Data.Incidents;

/// <summary>What changes hands when two incidents become one.</summary>
internal static class IncidentMerging
{
    public static Task MoveAlertsAsync(PortalContext db, Guid from, Guid into, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
         UPDATE incidents.alerts SET incident_id = {into},
             history = history || jsonb_build_array(jsonb_build_object('at', portal.now(), 'what', 'Moved to another incident.'))
         WHERE incident_id = {from}
         """, cancel);
}
