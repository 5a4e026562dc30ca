using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Audit;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Cli.Audit;

internal static class AuditCommand
{
    public static Command Make() => new("audit", "The audit log of the database that the settings name.") { Verify() };

    private static Command Verify()
    {
        var head = new Option<string[]>("--head") { Description = "A head that was written down before, like 1234:9f86…; several times for several." };
        var json = CommandRun.JsonOption();
        var command = new Command("verify", "Checks every row against its hash and the head beside the database, and names the first bad row. Exit code 1 when there is one.") { head, json };
        command.SetAction(async (parsed, cancel) =>
        {
            List<AuditHead> written = [.. (parsed.GetValue(head) ?? []).Select(Read)];
            if (new AuditHeadFile(CommandRun.Storage().DataDirectory).Read() is { } kept)
            {
                written.Add(kept);
            }

            await using var host = await CommandRun.OpenHostAsync(cancel);
            var verdict = await host.Services.GetRequiredService<AuditVerification>().VerifyAsync(written, cancel);
            if (parsed.GetValue(json))
            {
                CommandRun.WriteJson(new
                {
                    ok = verdict.Bad is null,
                    verdict.Rows,
                    verdict.Waiting,
                    head = verdict.Head.ToString(),
                    bad = verdict.Bad is { } b ? new { b.Position, fault = Words.Of(b.Fault), b.Row, b.Sentence } : null,
                });
            }
            else
            {
                Tell(verdict);
            }

            return verdict.Bad is null ? CommandRun.Good : CommandRun.BadNews;
        });
        return command;
    }

    private static void Tell(AuditVerdict verdict)
    {
        if (verdict.Bad is { } bad)
        {
            Console.WriteLine(bad.Sentence);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdict.Rows:N0} rows before it are as they were written, up to {verdict.Head}."));
            return;
        }

        var waiting = verdict.Waiting == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {verdict.Waiting:N0} more wait to be chained.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"All {verdict.Rows:N0} rows are as they were written.{waiting}"));
        Console.WriteLine($"Keep this elsewhere to prove it later: {verdict.Head}");
    }

    private static AuditHead Read(string text) => AuditHead.TryParse(text, out var head) ? head
        : throw new FormatException($"--head {text} is not a head like 1234:9f86… with 64 hexadecimal digits.");
}
