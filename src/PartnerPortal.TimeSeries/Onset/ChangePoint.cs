namespace PartnerPortal.TimeSeries.Onset;

/// <summary>Where a series began to behave differently.</summary>
/// <param name="Index">The first value of the new regime, counted from 0 over all values given, missing ones included.</param>
/// <param name="Before">The median of the values since the change before this one.</param>
/// <param name="After">The median of the values up to the next change.</param>
public readonly record struct ChangePoint(int Index, double Before, double After);
