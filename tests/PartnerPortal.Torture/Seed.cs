using System.Globalization;

namespace PartnerPortal.Torture;

/// <summary>The random moments of a test; <c>PORTAL_TORTURE_SEED</c> repeats those of an earlier run.</summary>
internal static class Seed
{
    public static Random Next()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PORTAL_TORTURE_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Repeat with PORTAL_TORTURE_SEED={seed}");
        return new Random(seed);
    }
}
