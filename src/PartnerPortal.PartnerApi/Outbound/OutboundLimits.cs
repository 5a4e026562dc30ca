namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>What one call may cost. All are positive.</summary>
public sealed record OutboundLimits
{
    /// <summary>5 s, 10 s, 15 s and 8 MiB.</summary>
    public static OutboundLimits Default { get; } = new();

    /// <summary>Longest time for look-up and connection.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time from the start of the call to the complete head of the answer.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time from the start of the call to the last byte.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most bytes of the body, counted after decompression.</summary>
    public long MaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The default limits, none of them longer than the given time.</summary>
    /// <param name="total">Longest time of the whole call.</param>
    public static OutboundLimits Within(TimeSpan total) => new()
    {
        Connect = Shorter(Default.Connect, total),
        FirstByte = Shorter(total, TimeSpan.FromMinutes(5)),
        Total = total,
    };

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
