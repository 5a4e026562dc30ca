using System.Diagnostics;

namespace PartnerPortal.IntegrationTests.Running;

/// <summary>The built command line program, run as a person runs it: a process with an environment.</summary>
internal static class CommandLine
{
    public sealed record Outcome(int Code, string Out, string Error);

    public static Task<Outcome> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments) => RunAsync("dotnet", environment, arguments);

    public static async Task<Outcome> RunAsync(string dotnet, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(Root(), "artifacts", "bin", "PartnerPortal.Cli", configuration, "portal-cli.dll");
        Assert.True(File.Exists(program), $"{program} is missing: dotnet build PartnerPortal.sln");
        var start = new ProcessStartInfo(dotnet, ["exec", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("Portal__", StringComparison.Ordinal) || k.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, output, await error);
    }

    public static string Root()
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
