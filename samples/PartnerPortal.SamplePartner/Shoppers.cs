namespace PartnerPortal.SamplePartner;

/// <summary>
/// Simulated people who browse and buy through our product, so that both sides' metrics move by themselves.
/// Every second of the past is worked out from its own number when somebody looks, so a run with the same
/// seed, clock and faults counts the same, however often it is looked at.
/// </summary>
internal sealed class Shoppers(TimeProvider clock, IConfiguration configuration, Faults faults, TunesMetrics theirs, OurSideMetrics ours)
{
    /// <summary>How far back shoppers are worked out when nobody looked for long.</summary>
    public static readonly TimeSpan LongestCatchUp = TimeSpan.FromHours(24);

    /// <summary>Seconds after which a client of ours gives up on a call.</summary>
    private const double Patience = 3;

    /// <summary>Purchases that the shop can deliver in a second.</summary>
    private const double Deliveries = 3;

    private static readonly (string Operation, int Percent, double MedianSeconds)[] Habits =
        [("searchTracks", 52, 0.035), ("getTrack", 26, 0.012), ("login", 6, 0.060), ("createPurchase", 15, 0.120), ("refundPurchase", 1, 0.090)];

    private readonly Lock _door = new();
    private readonly double _perSecond = configuration.GetValue("shoppers", 8.0);
    private readonly int _seed = configuration.GetValue("seed", 1);
    private long _next = clock.GetUtcNow().ToUnixTimeSeconds();

    public void CatchUp()
    {
        lock (_door)
        {
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            _next = Math.Max(_next, now - (long)LongestCatchUp.TotalSeconds);
            for (; _next < now; _next++)
            {
                LiveOneSecond(_next);
            }
        }
    }

    /// <summary>Calls per second: most in the evening (20:00 UTC), a third of that in the morning.</summary>
    internal static double Wave(double average, DateTimeOffset at) =>
        average * (1 + 0.5 * Math.Cos(2 * Math.PI * (at.TimeOfDay.TotalHours - 20) / 24));

    private void LiveOneSecond(long second)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(second);
        var broken = faults.At(at).Select(fault => fault.Kind).ToHashSet();
        var dice = new Random(Scramble(second, _seed));
        var (busy, bought) = (0.0, 0);
        for (var left = Poisson(dice, Wave(_perSecond, at)); left > 0; left--)
        {
            var (seconds, completed) = Call(dice, broken);
            busy += seconds;
            bought += completed ? 1 : 0;
        }
        var delivered = broken.Contains(Faults.Outage) ? 0 : broken.Contains(Faults.Slow) ? Deliveries / Faults.Slowdown : Deliveries;
        theirs.FulfilmentQueue = Math.Max(0, theirs.FulfilmentQueue + bought - delivered);
        theirs.SimulatedConnections = Math.Round(busy * 10) + (busy > 0 ? 4 : 0);
    }

    /// <summary>One call from our side through the network to theirs, counted where it is seen; answers how long it kept them busy.</summary>
    private (double Seconds, bool Bought) Call(Random dice, HashSet<string> broken)
    {
        var (operation, median) = Pick(dice.Next(100));
        if (broken.Contains(Faults.Network) && dice.Next(100) < Faults.LostPercent)
        {
            ours.Sent(operation, "unreachable", Patience);
            return (0, false);
        }
        var down = broken.Contains(Faults.Outage);
        var seconds = down ? 0.004 : median * Math.Exp(0.5 * Normal(dice)) * (broken.Contains(Faults.Slow) ? Faults.Slowdown : 1);
        var declined = operation == "createPurchase" && dice.Next(1000) < (broken.Contains(Faults.DeclinePurchases) ? 950 : 25);
        var failed = dice.Next(100) < (broken.Contains(Faults.Errors) ? Faults.ErrorPercent : 0) || dice.Next(2000) == 0;
        var code = down ? 503 : failed ? 500 : declined ? 402 : operation == "createPurchase" ? 201 : 200;

        theirs.Received(operation, code, seconds);
        var roundTrip = seconds + 0.018;
        var result = roundTrip > Patience ? "timeout" : code >= 500 ? "error" : code == 402 ? "declined" : "ok";
        ours.Sent(operation, result, Math.Min(roundTrip, Patience));
        return (seconds, code == 201);
    }

    /// <summary>Neighbouring seconds would get related dice from <see cref="Random"/> unless their numbers are mixed first (SplitMix64).</summary>
    private static int Scramble(long second, int seed)
    {
        var mixed = unchecked(((ulong)second + ((ulong)(uint)seed << 40)) * 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return unchecked((int)(mixed ^ (mixed >> 31)));
    }

    private static (string Operation, double MedianSeconds) Pick(int percent)
    {
        foreach (var (operation, share, median) in Habits)
        {
            if ((percent -= share) < 0)
            {
                return (operation, median);
            }
        }
        throw new InvalidOperationException("The shares of the habits must add up to 100.");
    }

    /// <summary>A random count with the given mean (Knuth's method, good for small means).</summary>
    private static int Poisson(Random dice, double mean)
    {
        var (count, product, limit) = (0, dice.NextDouble(), Math.Exp(-mean));
        for (; product > limit; count++)
        {
            product *= dice.NextDouble();
        }
        return count;
    }

    /// <summary>A standard normal number (Box-Muller).</summary>
    private static double Normal(Random dice) =>
        Math.Sqrt(-2 * Math.Log(1 - dice.NextDouble())) * Math.Cos(2 * Math.PI * dice.NextDouble());
}
