using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PartnerPortal.Cli;

internal static class VersionCommand
{
    public static string Version =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static Command Make()
    {
        var json = CommandRun.JsonOption();
        var command = new Command("version", "Says which portal this is.") { json };
        command.SetAction(parsed =>
        {
            var (version, runtime) = (Version.Split('+'), RuntimeInformation.FrameworkDescription);
            if (parsed.GetValue(json))
            {
                CommandRun.WriteJson(new { version = version[0], commit = version.ElementAtOrDefault(1), runtime });
            }
            else
            {
                Console.WriteLine($"portal {version[0]} ({runtime})");
            }

            return CommandRun.Good;
        });
        return command;
    }
}
