using System.CommandLine;
using PartnerPortal.Data.Storage;
using Spectre.Console;

namespace PartnerPortal.Cli.Running;

internal static class DoctorCommand
{
    public static Command Make()
    {
        var json = CommandRun.JsonOption();
        var command = new Command("doctor", "Looks for what would keep the portal from running, and says what to do. Exit code 0: nothing found, 1: something is wrong, 2: could not look.") { json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        findings.AddRange(await ProgramChecks.RunAsync(cancel));
        try
        {
            var configuration = CommandRun.Configuration();
            findings.AddRange(SettingChecks.Run(configuration));
            var settings = StorageSettings.From(configuration);
            findings.AddRange(FolderChecks.Run(settings));
            findings.AddRange(await DatabaseChecks.RunAsync(settings, cancel));
        }
        catch (FormatException unreadable)
        {
            findings.Add(Finding.Fault("settings", unreadable.Message, "Correct it; the rest cannot be looked at before."));
        }

        Show(findings, json);
        return findings.Exists(f => f.Verdict == Verdict.Fault) ? CommandRun.BadNews : CommandRun.Good;
    }

    private static void Show(List<Finding> findings, bool json)
    {
        var faults = findings.Count(f => f.Verdict == Verdict.Fault);
        if (json)
        {
            CommandRun.WriteJson(new { ok = faults == 0, findings });
            return;
        }

        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "");
        foreach (var finding in findings)
        {
            var (mark, colour) = finding.Verdict switch { Verdict.Ok => ("ok", "green"), Verdict.Warning => ("note", "yellow"), _ => ("FAULT", "red") };
            table.AddRow(new Markup($"[{colour}]{mark}[/]"), new Text(finding.Name), new Text(finding.Text + (finding.Remedy is { } remedy ? "\n→ " + remedy : "")));
        }

        CommandRun.Screen().Write(table);
        Console.WriteLine(faults switch { 0 => "Nothing is wrong.", 1 => "1 thing is wrong.", _ => $"{faults} things are wrong." });
    }
}
