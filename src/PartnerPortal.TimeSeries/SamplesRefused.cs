namespace PartnerPortal.TimeSeries;

/// <summary>Some samples of a push were not kept; all others are committed. Sending the same ones again will not help.</summary>
/// <param name="count">How many were refused.</param>
/// <param name="reason">Why, in a sentence.</param>
public sealed class SamplesRefused(int count, string reason) : Exception(reason)
{
    /// <summary>How many were refused.</summary>
    public int Count { get; } = count;
}
