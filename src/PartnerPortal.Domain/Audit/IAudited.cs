namespace PartnerPortal.Domain.Audit;

/// <summary>An entity whose every change is written to the audit log, in the same transaction, by the storage.</summary>
public interface IAudited
{
    /// <summary>What the log calls it.</summary>
    AuditSubject AuditedAs { get; }
}

/// <summary>What an audit row is about.</summary>
/// <param name="Kind">The trade's word: partner, contact, answer.</param>
/// <param name="Id">Id of the thing.</param>
/// <param name="Title">What people call it.</param>
/// <param name="PartnerId">The partner whose log shows it; null for company-wide things.</param>
public sealed record AuditSubject(string Kind, Guid Id, string Title, Guid? PartnerId);

/// <summary>A property whose value never leaves the database: the audit log says only that it changed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>A property that changes without anybody meaning it (counters, heartbeats): the audit log leaves it out.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAuditedAttribute : Attribute;
