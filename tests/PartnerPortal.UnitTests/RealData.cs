namespace PartnerPortal.UnitTests;

/// <summary>Recordings of real services that stand beside the repository, or where PORTAL_REALDATA says.</summary>
internal static class RealData
{
    public const string Missing = "No recordings: set PORTAL_REALDATA to the folder realdata, or put it at ../shared/realdata beside the repository.";

    public static string? Folder(string name)
    {
        var roots = new List<string?> { Environment.GetEnvironmentVariable("PORTAL_REALDATA") };
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            roots.Add(Path.Combine(at.FullName, "shared", "realdata"));
        return roots.OfType<string>().Select(r => Path.Combine(r, name)).FirstOrDefault(Directory.Exists);
    }
}
