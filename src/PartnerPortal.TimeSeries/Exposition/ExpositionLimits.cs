namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>What one page of metrics may cost at most. Lengths are in bytes of UTF-8.</summary>
public sealed record ExpositionLimits
{
    /// <summary>The limits that hold when nobody set others.</summary>
    public static ExpositionLimits Default { get; } = new();

    /// <summary>Bytes of the page, after decompression.</summary>
    public int Bytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Samples of the page.</summary>
    public int Samples { get; init; } = 20_000;

    /// <summary>Labels of one series, its name not counted.</summary>
    public int Labels { get; init; } = 64;

    /// <summary>Bytes of a metric's or label's name.</summary>
    public int NameBytes { get; init; } = 200;

    /// <summary>Bytes of a label's value.</summary>
    public int ValueBytes { get; init; } = 2048;
}
