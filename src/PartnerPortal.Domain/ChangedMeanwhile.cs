namespace PartnerPortal.Domain;

/// <summary>Somebody saved a newer version after the caller read theirs.</summary>
/// <param name="current">What is stored now, so that nobody's text is lost.</param>
public sealed class ChangedMeanwhile(object? current = null)
    : Exception("Somebody else saved a change since you opened this. Compare with what is stored now, then save again.")
{
    /// <summary>What is stored now; null where the caller must read it again.</summary>
    public object? Current { get; } = current;
}
