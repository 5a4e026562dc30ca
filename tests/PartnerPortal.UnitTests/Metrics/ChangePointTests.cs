using PartnerPortal.TimeSeries.Onset;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class ChangePointTests
{
    // The yearly flow of the Nile at Aswan 1871-1970 (Cobb 1978, public domain): it fell for good in 1899.
    private static readonly double[] _nile =
    [
        1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260,
        1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845,
        864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
        744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
    ];

    [Fact]
    public void The_Nile_fell_in_1899() => Assert.Equal([new ChangePoint(28, 1130, 842.5)], ChangePoints.Find(_nile));

    [Theory]
    [InlineData(50)]
    [InlineData(120)]
    [InlineData(1000)]
    [InlineData(30_000)]
    public void A_clean_step_is_found_at_its_first_value(int values)
    {
        var at = values / 3;
        var found = Assert.Single(ChangePoints.Find(Make(values, i => i < at ? 0.2 : 41)));
        Assert.Equal(new ChangePoint(at, 0.2, 41), found);
    }

    [Fact]
    public void Missing_values_keep_their_places_and_count_for_nothing()
    {
        var random = new Random(4);
        var series = Make(200, i => i % 3 == 1 || i is > 80 and < 95 ? double.NaN : (i < 120 ? 10 : 20) + Normal(random));
        var found = Assert.Single(ChangePoints.Find(series));
        Assert.InRange(found.Index, 119, 122);
        Assert.InRange(found.Before, 9, 11);
        Assert.InRange(found.After, 19, 21);
    }

    [Fact]
    public void Spikes_are_no_change()
    {
        var random = new Random(5);
        Assert.Empty(ChangePoints.Find(Make(300, i => Normal(random) + (i % 71 is 30 or 31 ? 40 : 0))));
    }

    [Fact]
    public void A_ramp_begins_and_ends_and_a_trend_does_neither()
    {
        var random = new Random(6);
        var ramp = ChangePoints.Find(Make(200, i => 0.3 * Normal(random) + 10 * Math.Clamp((i - 70) / 60d, 0, 1)));
        Assert.Equal(2, ramp.Count);
        Assert.InRange(ramp[0].Index, 64, 76);
        Assert.InRange(ramp[1].Index, 124, 136);
        Assert.Empty(ChangePoints.Find(Make(200, i => Normal(random) + i)));
        Assert.Empty(ChangePoints.Find(Make(200, i => i / 7d)));
    }

    [Fact]
    public void A_shift_is_told_from_the_season_around_it()
    {
        var random = new Random(7);
        double Season(int i) => 5 * Math.Sin(i * Math.PI / 6) + Normal(random);
        Assert.Empty(ChangePoints.Find(Make(240, Season)));
        var found = Assert.Single(ChangePoints.Find(Make(240, i => Season(i) + (i < 100 ? 0 : 15))));
        Assert.InRange(found.Index, 95, 105);
    }

    [Fact]
    public void What_cannot_change_gives_nothing()
    {
        Assert.Empty(ChangePoints.Find([]));
        Assert.Empty(ChangePoints.Find([1, 2, 3]));
        Assert.Empty(ChangePoints.Find(Make(500, _ => 0.1)));
        Assert.Empty(ChangePoints.Find(Make(500, _ => double.NaN)));
        Assert.Empty(ChangePoints.Find(Make(100, i => i == 50 ? 1 : 0)));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-9)]
    [InlineData(1e12)]
    [InlineData(1e300)]
    public void The_size_of_the_values_does_not_matter(double size)
    {
        var random = new Random(8);
        var found = Assert.Single(ChangePoints.Find(Make(150, i => size * (Normal(random) + (i < 90 ? 0 : 12)))));
        Assert.Equal(90, found.Index);
    }

    /// <summary>False alarms over 200 seeds each, as a share of series; the bounds hold for all lengths.</summary>
    [Theory]
    [InlineData("normal", 0.05)]
    [InlineData("heavy tails", 0.06)]
    [InlineData("exponential", 0.07)]
    [InlineData("neighbours alike", 0.12)]
    [InlineData("rare events", 0.06)]
    [InlineData("trend", 0.05)]
    public void Noise_seldom_gives_a_change(string kind, double most)
    {
        foreach (var length in new[] { 30, 100, 300 })
        {
            var alarms = Enumerable.Range(0, 200).Count(seed => ChangePoints.Find(Noise(kind, new Random(seed), length)).Count > 0);
            Assert.True(alarms <= most * 200, $"{alarms} of 200 series of {length} values gave a change");
        }
    }

    /// <summary>Three shifts of five times the noise, with tails as heavy as Student's t with three degrees of freedom.</summary>
    [Fact]
    public void Lasting_shifts_are_found_within_five_values()
    {
        var (found, wrong, planted) = (0, 0, 0);
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            int[] at = [60 + random.Next(20), 140 + random.Next(20), 220 + random.Next(20)];
            var cuts = ChangePoints.Find(Make(300, i => HeavyTailed(random) + 5 * at.Count(a => i >= a) * (seed % 2 == 0 ? 1 : -1))).Select(c => c.Index).ToList();
            planted += at.Length;
            found += at.Count(a => cuts.Exists(c => Math.Abs(c - a) <= 5));
            wrong += cuts.Count(c => !at.Any(a => Math.Abs(c - a) <= 5));
        }

        Assert.True(found >= planted * 0.97, $"{found} of {planted} were found");
        Assert.True(wrong <= 6, $"{wrong} were found that nobody planted");
    }

    private static double[] Noise(string kind, Random random, int length)
    {
        var last = 0d;
        return Make(length, i => kind switch
        {
            "normal" => Normal(random),
            "heavy tails" => HeavyTailed(random),
            "exponential" => -Math.Log(1 - random.NextDouble()),
            "neighbours alike" => last = 0.5 * last + Normal(random),
            "rare events" => random.NextDouble() < 0.3 ? 1 : 0,
            _ => Normal(random) + 0.1 * i,
        });
    }

    private static double[] Make(int length, Func<int, double> value) => [.. Enumerable.Range(0, length).Select(value)];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double HeavyTailed(Random random) =>
        Normal(random) / Math.Sqrt((Math.Pow(Normal(random), 2) + Math.Pow(Normal(random), 2) + Math.Pow(Normal(random), 2)) / 3);
}
