using System.CommandLine;
using System.Globalization;
using PartnerPortal.Data.Audit;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Cli.Storage;

internal static class RestoreCommand
{
    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "What portal backup wrote." };
        var replace = new Option<bool>("--replace") { Description = "Lose what the database holds now." };
        var json = CommandRun.JsonOption();
        var command = new Command("restore", "Puts a backup into an empty database, all of it or nothing, and brings it to this portal's schema. Stop the portal first.") { file, replace, json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(file), parsed.GetValue(replace), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool replace, bool json, CancellationToken cancel)
    {
        var settings = CommandRun.Storage();
        await using var storage = await settings.OpenAsync(Console.Error.WriteLine, cancel);
        var manifest = await Restore.ReadAsync(storage.ConnectionString, file, settings.DataDirectory, settings.KeySetting, replace, cancel: cancel);
        new AuditHeadFile(settings.DataDirectory).SetAside();
        if (json)
        {
            CommandRun.WriteJson(new { manifest.At, manifest.Rows, tables = manifest.Tables.Count, manifest.KeyFingerprint });
            return CommandRun.Good;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Restored {manifest.Rows:N0} rows of {manifest.Tables.Count} tables as of {manifest.At:yyyy-MM-dd HH:mm:ss}Z; every table read back as it was saved. Start the portal."));
        return CommandRun.Good;
    }
}
