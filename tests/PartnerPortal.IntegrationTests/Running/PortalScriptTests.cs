using System.Diagnostics;
using System.Runtime.Versioning;

namespace PartnerPortal.IntegrationTests.Running;

/// <summary>The script at the root, on a machine that lacks things: a copy of it, with nothing on PATH but what it is given.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PortalScriptTests : IDisposable
{
    private static readonly string[] Basics = ["sh", "basename", "cat", "cksum", "date", "dirname", "find", "flock", "grep", "head", "id", "ls", "mkdir", "mv", "readlink", "rm", "sed", "sleep", "sort", "tail", "tr", "xargs"];
    private readonly string _root = Path.Combine(Path.GetTempPath(), "portal-script-" + Guid.NewGuid().ToString("N"));

    public PortalScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for a POSIX shell");
        Directory.CreateDirectory(Path.Combine(_root, "bin"));
        File.Copy(Path.Combine(Repository(), "portal"), Path.Combine(_root, "portal"));
        foreach (var name in Basics)
        {
            if (new[] { "/usr/bin", "/bin" }.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists) is { } program)
            {
                File.CreateSymbolicLink(Path.Combine(_root, "bin", name), program);
            }
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Without_the_SDK_it_names_the_command_that_installs_it()
    {
        var (code, said) = await RunAsync("up");
        Assert.Equal(1, code);
        Assert.Contains("apt-get install dotnet-sdk-10.0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_SDK_is_not_enough()
    {
        Provide("dotnet", "echo '9.0.101 [/usr/share/dotnet/sdk]'");
        var (code, said) = await RunAsync("up");
        Assert.Equal(1, code);
        Assert.Contains(".NET 10 SDK is missing", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Node_it_names_the_command_that_installs_it()
    {
        Provide("dotnet", "echo '10.0.401 [/usr/share/dotnet/sdk]'");
        var (code, said) = await RunAsync("up");
        Assert.Equal(1, code);
        Assert.Contains("apt-get install nodejs npm", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_builds_once_per_state_of_the_sources_and_becomes_the_program()
    {
        ProvideTools();
        var source = Path.Combine(_root, "src", "Shop.cs");
        Directory.CreateDirectory(Path.GetDirectoryName(source)!);
        await File.WriteAllTextAsync(source, "first", TestContext.Current.CancellationToken);

        Assert.Equal((0, "published ran --urls http://localhost:5080 --demo-less"), await RunAsync("up", "--demo-less"));
        Assert.Equal((0, "ran --urls http://localhost:7000"), await RunAsync("up", "--urls", "http://localhost:7000"));
        await File.WriteAllTextAsync(source, "second", TestContext.Current.CancellationToken);
        Assert.Equal((0, "published ran --urls http://localhost:5080"), await RunAsync("up"));
    }

    [Fact]
    public async Task A_failed_build_is_told_and_tried_again()
    {
        ProvideTools();
        Provide("broken", "");
        Directory.CreateDirectory(Path.Combine(_root, "src"));
        var (code, said) = await RunAsync("up");
        Assert.Equal(1, code);
        Assert.Contains("error CS1002", said, StringComparison.Ordinal);

        File.Delete(Path.Combine(_root, "bin", "broken"));
        Assert.Equal((0, "published ran --urls http://localhost:5080"), await RunAsync("up"));
    }

    private void ProvideTools()
    {
        Provide("node", "exit 0");
        Provide("npm", "exit 0");
        Provide("dotnet", """
            case $1 in
              --list-sdks) echo '10.0.401 [/usr/share/dotnet/sdk]' ;;
              publish)
                command -v broken >/dev/null && echo 'Shop.cs(1,1): error CS1002: ; expected' && exit 1
                while [ "$1" != -o ]; do shift; done
                mkdir -p "$2" && printf 'published ' >>"$(dirname "$0")/said" ;;
              *) shift; printf '%s' "ran $*" >>"$(dirname "$0")/said" ;;
            esac
            """);
    }

    private void Provide(string name, string script)
    {
        var path = Path.Combine(_root, "bin", name);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        var cancel = TestContext.Current.CancellationToken;
        var info = new ProcessStartInfo(Path.Combine(_root, "portal"), arguments) { RedirectStandardError = true, WorkingDirectory = "/" };
        info.Environment["PATH"] = Path.Combine(_root, "bin");
        using var process = Process.Start(info)!;
        var errors = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        var said = Path.Combine(_root, "bin", "said");
        if (!File.Exists(said))
        {
            return (process.ExitCode, errors);
        }

        var text = await File.ReadAllTextAsync(said, cancel);
        File.Delete(said);
        return (process.ExitCode, text);
    }

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "PartnerPortal.sln")))
        {
            at = at.Parent;
        }

        return at.FullName;
    }
}
