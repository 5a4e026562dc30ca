namespace PartnerPortal.TimeSeries.Onset;

/// <summary>Takes spikes and heavy tails out of a series and leaves its edges where they are.</summary>
internal static class Spikes
{
    // A median of seven values does not see a spike of three.
    private const int Reach = 3;

    // How far from that median a value may lie, in multiples of the noise.
    private const double Most = 2.5;

    public static double[] Without(double[] values, double noise)
    {
        var calm = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Narrower towards the ends, so that a trend is not bent there.
            var reach = Math.Min(Reach, Math.Min(i, values.Length - 1 - i));
            var middle = Robust.Median(values.AsSpan(i - reach, 2 * reach + 1));
            calm[i] = Math.Clamp(values[i], middle - Most * noise, middle + Most * noise);
        }
        return calm;
    }
}
