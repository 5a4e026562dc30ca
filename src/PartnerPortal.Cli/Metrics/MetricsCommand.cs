using System.CommandLine;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Cli.Metrics;

/// <summary>Reads a page of metrics from a file as a scrape would, so that whoever writes it sees the line that is refused. Needs no database.</summary>
internal static class MetricsCommand
{
    public static Command Make() => new("metrics", "Pages of metrics in files.") { Check() };

    private static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "The page; - reads standard input." };
        var type = new Option<string>("--content-type") { Description = "The Content-Type that the service would answer with, for example \"text/plain; version=0.0.4\". Absent: Prometheus text." };
        var mapping = new Option<string>("--mapping") { Description = "A file with the mapping from JSON to metrics." };
        var json = CommandRun.JsonOption();
        var command = new Command("check", "Reads a page of metrics as a scrape would. Exit code 0: it can be read, 1: it is refused, with line and reason.") { file, type, mapping, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var outcome = await CheckAsync(parsed.GetValue(file)!, parsed.GetValue(type), parsed.GetValue(mapping), cancel);
            if (parsed.GetValue(json))
            {
                CommandRun.WriteJson(new { ok = outcome.Page is not null, samples = outcome.Page?.Series.Length ?? 0, families = Families(outcome.Page), line = outcome.Refused?.Line, reason = outcome.Refused?.Reason });
            }
            else
            {
                Console.WriteLine(outcome.Page is { } page ? Sentence(page) : $"Refused. {outcome.Refused!.Message}");
            }

            return outcome.Page is null ? CommandRun.BadNews : CommandRun.Good;
        });
        return command;
    }

    private static async Task<(ExpositionPage? Page, ExpositionRefused? Refused)> CheckAsync(string file, string? type, string? mapping, CancellationToken cancel)
    {
        // A wrong mapping is no fault of the page: it ends the command, not the check.
        var map = mapping is null ? null : JsonMapping.Read(System.Text.Encoding.UTF8.GetString(await ReadAsync(mapping, cancel)));
        var page = await ReadAsync(file, cancel);
        try
        {
            return (map is not null && (type is null || ContentType.IsJson(type)) ? JsonPage.Read(page, map) : ExpositionParser.Parse(page, ContentType.Read(type)), null);
        }
        catch (ExpositionRefused refused)
        {
            return (null, refused);
        }
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancel)
    {
        try
        {
            // One byte more than a page may have is enough to refuse it.
            await using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (bytes.Length <= ExpositionLimits.Default.Bytes && await stream.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                bytes.Write(buffer, 0, read);
            }

            return bytes.ToArray();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{file} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>How many metrics there are: those announced, and those that only have samples.</summary>
    private static int Families(ExpositionPage? page) => page is null ? 0 : page.Families.Keys
        .Union(page.Series.Select(s => MetricFamily.Of(s.MetricName, n => page.Families.GetValueOrDefault(n))?.Family.Name ?? s.MetricName))
        .Count();

    private static string Sentence(ExpositionPage page) =>
        $"Good: {Counted(page.Series.Length, "sample")} of {Counted(Families(page), "metric")} in {Counted(page.Lines, "line")}."
        + (page.Duplicates > 0 ? $" {Counted(page.Duplicates, "line")} repeated a series and would be left out." : "");

    private static string Counted(int number, string what) => FormattableString.Invariant($"{number:N0} {what}{(number == 1 ? "" : "s")}");
}
