namespace PartnerPortal.Domain.Escalation;

/// <summary>When a message that could not be handed over is tried again: after 15 s, 1, 5 and 15 minutes, then every hour for a day.</summary>
public static class Retries
{
    private static readonly TimeSpan[] First = [TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How long to wait; null when no try is left.</summary>
    /// <param name="attempts">How often it was tried, 1 or more.</param>
    /// <param name="age">How long ago it was decided.</param>
    public static TimeSpan? After(int attempts, TimeSpan age) => age >= Longest ? null : attempts <= First.Length ? First[attempts - 1] : Later;
}
