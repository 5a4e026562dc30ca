using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PartnerPortal.Cli.Running;

/// <summary>The programs that building from source needs. A published portal, as in a container, needs none of them.</summary>
internal static class ProgramChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancel)
    {
        if (!InSources())
        {
            return [Finding.Ok("programs", "a published portal: needs neither SDK nor Node")];
        }

        var sdks = await OutputAsync("dotnet", "--list-sdks", cancel);
        var sdk = sdks?.Split('\n').LastOrDefault(l => l.StartsWith("10.", StringComparison.Ordinal))?.Split(' ')[0];
        var node = (await OutputAsync("node", "--version", cancel))?.Trim();
        var npm = (await OutputAsync("npm", "--version", cancel))?.Trim();
        return
        [
            sdk is not null
                ? Finding.Ok(".NET SDK", sdk)
                : Finding.Fault(".NET SDK", sdks is null ? "dotnet is not installed or not on the PATH" : "there is no SDK 10", "Install it: https://dot.net/v1/dotnet-install.sh --channel 10.0"),
            node is not null && int.TryParse(node.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture, out var major) && major >= 20
                ? Finding.Ok("Node.js", node)
                : Finding.Fault("Node.js", node is null ? "node is not installed or not on the PATH" : $"{node} is too old", "Install version 20 or newer: https://nodejs.org/en/download"),
            npm is not null
                ? Finding.Ok("npm", npm)
                : Finding.Fault("npm", "npm is not installed or not on the PATH", "Install it: apt-get install npm"),
        ];
    }

    private static bool InSources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PartnerPortal.sln")))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<string?> OutputAsync(string program, string argument, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
