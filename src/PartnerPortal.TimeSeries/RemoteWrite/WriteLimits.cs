namespace PartnerPortal.TimeSeries.RemoteWrite;

/// <summary>What one request may bring. Prometheus sends 500 samples at once unless it is told otherwise.</summary>
public sealed record WriteLimits
{
    /// <summary>The usual limits.</summary>
    public static WriteLimits Default { get; } = new();

    /// <summary>Bytes as they come.</summary>
    public int PackedBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes after decompression.</summary>
    public int Bytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Series, counted each time they stand in the request.</summary>
    public int Series { get; init; } = 50_000;

    /// <summary>Samples of all series together.</summary>
    public int Samples { get; init; } = 200_000;

    /// <summary>Descriptions of metrics.</summary>
    public int Families { get; init; } = 20_000;

    /// <summary>Labels of one series.</summary>
    public int Labels { get; init; } = 200;

    /// <summary>Bytes of a metric's or label's name.</summary>
    public int NameBytes { get; init; } = 1000;

    /// <summary>Bytes of a label's value, of a help text and of a unit.</summary>
    public int ValueBytes { get; init; } = 65_536;
}
