using System.CommandLine;
using PartnerPortal.TimeSeries.Onset;

namespace PartnerPortal.Cli.Metrics;

internal static class OnsetCommand
{
    public static Command Make()
    {
        var csv = new Option<string>("--csv") { Description = "A file with the columns time (unix seconds) and value (may be empty); a header is optional.", Required = true };
        var command = new Command("onset", "Says since when a series behaves differently: its change points, with the medians before and after each.") { csv };
        command.SetAction(async (parsed, cancel) =>
        {
            var series = OnsetFile.Read(await OpenAsync(parsed.GetValue(csv)!, cancel));
            CommandRun.WriteJson(new
            {
                changePoints = ChangePoints.Find(series.Values).Select(c => new { c.Index, time = series.Times[c.Index], c.Before, c.After }),
            });
            return CommandRun.Good;
        });
        return command;
    }

    private static async Task<string[]> OpenAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllLinesAsync(path, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{path} cannot be read: {e.Message}");
        }
    }
}
