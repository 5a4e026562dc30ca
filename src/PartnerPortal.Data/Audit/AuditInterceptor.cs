using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Audit;

/// <summary>Adds one audit row for every audited entity that is saved, in the same transaction. No feature writes such rows by hand.</summary>
internal sealed class AuditInterceptor(TimeProvider clock) : SaveChangesInterceptor
{
    private const string Hidden = "•••";

    private long _lastId;

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Write(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Write(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Write(DbContext? context)
    {
        if (context is not PortalContext db)
        {
            return;
        }

        db.ChangeTracker.DetectChanges();
        var by = db.By ?? Actor.Portal("portal");
        var at = clock.GetUtcNow();
        var entries = db.ChangeTracker.Entries<IAudited>()
            .Where(e => e.State is EntityState.Modified or EntityState.Deleted || (e.State == EntityState.Added && !db.AddsInBulk))
            .Select(e => Describe(e, by, at))
            .OfType<AuditEntry>()
            .ToList();
        // Identity's own class cannot say how it is audited. A sign-in only moves its counter, so changes say nothing.
        entries.AddRange(db.ChangeTracker.Entries<IdentityUserPasskey<Guid>>()
            .Where(e => e.State is EntityState.Added or EntityState.Deleted)
            .Select(e => new AuditEntry(
                NextId(at), at, by, new AuditSubject("passkey", e.Entity.UserId, e.Entity.Data.Name ?? "Passkey", null),
                e.State == EntityState.Added ? "added" : "removed", null, null)));
        db.AddRange(entries);
    }

    private AuditEntry? Describe(EntityEntry<IAudited> entry, Actor by, DateTimeOffset at)
    {
        var shown = entry.Properties.Where(Shown).ToList();
        var changed = entry.State == EntityState.Modified ? [.. shown.Where(p => p.IsModified && !Same(p))] : shown;
        if (changed.Count == 0)
        {
            return null;
        }

        var action = entry.State switch { EntityState.Added => "added", EntityState.Deleted => "removed", _ => "changed" };
        var before = entry.State == EntityState.Added ? null : Write(changed, p => p.OriginalValue);
        var after = entry.State == EntityState.Deleted ? null : Write(changed, p => p.CurrentValue);
        return new AuditEntry(NextId(at), at, by, entry.Entity.AuditedAs, action, before, after);
    }

    // Rows of one millisecond keep the order in which they were made: each id's time is later than the one before.
    private Guid NextId(DateTimeOffset at)
    {
        while (true)
        {
            var last = Interlocked.Read(ref _lastId);
            var next = Math.Max(at.ToUnixTimeMilliseconds(), last + 1);
            if (Interlocked.CompareExchange(ref _lastId, next, last) == last)
            {
                return Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(next));
            }
        }
    }

    private static bool Shown(PropertyEntry property) =>
        !property.Metadata.IsShadowProperty()
        && !property.Metadata.IsConcurrencyToken
        && !property.Metadata.IsPrimaryKey()
        && property.Metadata.PropertyInfo?.GetCustomAttribute<NotAuditedAttribute>(inherit: true) is null;

    private static bool Same(PropertyEntry property) =>
        property.Metadata.GetValueComparer().Equals(property.OriginalValue, property.CurrentValue);

    private static string Write(List<PropertyEntry> properties, Func<PropertyEntry, object?> value)
    {
        var json = new JsonObject();
        foreach (var property in properties)
        {
            var secret = property.Metadata.PropertyInfo?.GetCustomAttribute<SecretAttribute>(inherit: true) is not null;
            json[JsonNamingPolicy.CamelCase.ConvertName(property.Metadata.Name)] = secret ? Hidden
                : value(property) is { } shown ? JsonSerializer.SerializeToNode(shown, shown.GetType(), JsonColumn.Options) : null;
        }

        return json.ToJsonString(JsonColumn.Options);
    }
}
