using System.CommandLine;
using System.Globalization;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Cli.Storage;

internal static class BackupCommand
{
    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "Where to; an existing file is refused." };
        var json = CommandRun.JsonOption();
        var command = new Command("backup", "Writes everything the portal knows into one file, as it is at this moment, while it runs. The file holds the key of the stored secrets: guard it.") { file, json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(file), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool json, CancellationToken cancel)
    {
        var settings = CommandRun.Storage();
        CommandRun.Demand(settings);
        var key = KeyFile.Read(settings.DataDirectory, settings.KeySetting);
        await using var storage = await settings.OpenAsync(Console.Error.WriteLine, cancel);
        var manifest = await Backup.WriteAsync(storage.ConnectionString, file, key, cancel: cancel);
        var size = new FileInfo(file).Length;
        if (json)
        {
            CommandRun.WriteJson(new { file = Path.GetFullPath(file), bytes = size, manifest.At, manifest.Rows, tables = manifest.Tables.Count, manifest.KeyIncluded, manifest.KeyFingerprint });
            return CommandRun.Good;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{file}: {manifest.Rows:N0} rows of {manifest.Tables.Count} tables as of {manifest.At:yyyy-MM-dd HH:mm:ss}Z, {size / 1024.0:N0} KiB."));
        Console.WriteLine(manifest switch
        {
            { KeyIncluded: true } => $"The key {manifest.KeyFingerprint} of the stored secrets is in the file: keep it where only administrators can read it.",
            { KeyFingerprint: not null } => $"The key {manifest.KeyFingerprint} comes from {KeyFile.Setting} and is not in the file: keep it elsewhere, a restore needs it.",
            _ => "There is no key yet, so there are no stored secrets.",
        });
        return CommandRun.Good;
    }
}
