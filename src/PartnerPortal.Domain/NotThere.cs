namespace PartnerPortal.Domain;

/// <summary>What was asked for does not exist, or the asker may not know that it does.</summary>
public sealed class NotThere(string what) : Exception($"There is no {what}.");
