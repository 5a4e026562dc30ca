using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Cli.Access;

internal static class TokenCommand
{
    private static readonly string Scopes = string.Join(", ", Words.All<Scope>());

    public static Command Make() => new("token", "API tokens of the database that the settings name.") { Create() };

    private static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What it is for.", Required = true };
        var owner = new Option<string>("--owner") { Description = "Mail address of the person it acts as.", Required = true };
        var scopes = new Option<string[]>("--scope") { Description = $"What it may be used for: {Scopes}. Several times or separated by commas.", Required = true };
        var expires = new Option<string?>("--expires") { Description = "Last moment it works: a date like 2027-01-31 or a time span like 90d. Without it, it never expires." };
        var partner = new Option<string?>("--partner") { Description = "The slug of the one partner it is for." };
        var json = CommandRun.JsonOption();
        var command = new Command("create", "Makes a token and prints it, once. It stands alone on standard output.") { name, owner, scopes, expires, partner, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var words = parsed.GetRequiredValue(scopes).SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
            var until = Until(parsed.GetValue(expires), TimeProvider.System.GetUtcNow());
            var draft = new TokenDraft(parsed.GetValue(name), words, until, parsed.GetValue(partner), parsed.GetValue(owner));
            await using var host = await CommandRun.OpenHostAsync(cancel);
            var issued = await host.Services.GetRequiredService<TokenStore>().IssueAsync(draft, CommandRun.Administrator, cancel);
            if (parsed.GetValue(json))
            {
                CommandRun.WriteJson(new { issued.Secret, issued.Token.Id, issued.Token.Name, issued.Token.Owner, issued.Token.ExpiresAt });
                return CommandRun.Good;
            }

            Console.Error.WriteLine($"It is shown only now. {(until is null ? "It never expires; revoke it on the page Settings." : string.Create(CultureInfo.InvariantCulture, $"It works until {until:yyyy-MM-dd HH:mm}Z."))}");
            Console.Out.WriteLine(issued.Secret);
            return CommandRun.Good;
        });
        return command;
    }

    private static DateTimeOffset? Until(string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return null;
        }

        if (text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 36500)
        {
            return now.AddDays(days);
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : throw new FormatException($"--expires {text} is neither a date like 2027-01-31 nor a time span like 90d.");
    }
}
