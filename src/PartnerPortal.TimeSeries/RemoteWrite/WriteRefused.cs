namespace PartnerPortal.TimeSeries.RemoteWrite;

/// <summary>A request of remote write cannot be taken. Sending it again will not help.</summary>
/// <param name="reason">Why, in a sentence.</param>
/// <param name="tooLarge">Whether a smaller one might be taken.</param>
public sealed class WriteRefused(string reason, bool tooLarge = false) : Exception(reason)
{
    /// <summary>Whether the request is more than is taken at once.</summary>
    public bool TooLarge { get; } = tooLarge;
}
