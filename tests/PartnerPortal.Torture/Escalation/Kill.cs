namespace PartnerPortal.Torture.Escalation;

/// <summary>Something was killed.</summary>
/// <param name="At">When.</param>
/// <param name="Database">PostgreSQL; false: a portal.</param>
internal sealed record Kill(DateTimeOffset At, bool Database);
