namespace PartnerPortal.Torture;

/// <summary>Where the repository and its built programs are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The built program of a project, in the same configuration as these tests.</summary>
    public static string Program(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(Root, "artifacts", "bin", project, configuration, project + ".dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"Build it first: dotnet build PartnerPortal.sln ({program} is missing)");
    }

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "PartnerPortal.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("No PartnerPortal.sln above " + AppContext.BaseDirectory);
    }
}
