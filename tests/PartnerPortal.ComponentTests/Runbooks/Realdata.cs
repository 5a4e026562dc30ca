namespace PartnerPortal.ComponentTests.Runbooks;

/// <summary>Runbooks and attacks collected from public repositories, kept beside the repository; tests over them are skipped where they are absent.</summary>
internal static class Realdata
{
    /// <summary>The folder of runbooks; null where the collection is absent.</summary>
    public static string? Runbooks { get; } = Find();

    /// <summary>Says why a test is skipped.</summary>
    public const string Absent = "The collection of real files is not here; PORTAL_REALDATA names its folder.";

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("PORTAL_REALDATA");
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            foreach (var root in new[] { named, Path.Combine(folder, "..", "shared", "realdata"), Path.Combine(folder, "shared", "realdata") }.OfType<string>())
            {
                if (Directory.Exists(Path.Combine(root, "runbooks")))
                {
                    return Path.Combine(root, "runbooks");
                }
            }
        }

        return null;
    }
}
