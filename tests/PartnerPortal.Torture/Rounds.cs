namespace PartnerPortal.Torture;

/// <summary>How often something is killed: a few times in every run of the tests, fifty times with <c>PORTAL_TORTURE=long</c>.</summary>
internal static class Rounds
{
    public static int Count => Environment.GetEnvironmentVariable("PORTAL_TORTURE") == "long" ? 50 : 5;
}
