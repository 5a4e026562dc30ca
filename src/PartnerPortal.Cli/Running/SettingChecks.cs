using System.Net.Mail;
using Microsoft.Extensions.Configuration;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.PartnerApi.Outbound;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Cli.Running;

/// <summary>Settings that nobody reads, and values that nobody can read.</summary>
internal static class SettingChecks
{
    /// <summary>Every setting below <c>Portal__</c>, as docs/operations.md lists them.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        "Portal__DataDirectory", "Portal__Url", "Portal__Incidents__AcknowledgementTimeout", "Portal__Incidents__IntakePerSecond", "Portal__Watch__HeartbeatUrl",
        "Portal__Mail__Host", "Portal__Mail__Port", "Portal__Mail__Security", "Portal__Mail__User", "Portal__Mail__Password", "Portal__Mail__Token", "Portal__Mail__From",
        "Portal__Incidents__OnUsPartners", "Portal__Twilio__AccountSid", "Portal__Twilio__AuthToken", "Portal__Twilio__From", "Portal__Twilio__BaseUrl",
        "Portal__Admin__Email", "Portal__Admin__Password", "Portal__Admin__ApiToken",
        "Portal__Outbound__Allowed", "Portal__Outbound__AuthoritiesFile", "Portal__Outbound__PerDestination",
        "Portal__Security__KeyEncryptionKey",
        "Portal__OpenIdConnect__Authority", "Portal__OpenIdConnect__ClientId", "Portal__OpenIdConnect__ClientSecret",
        "Portal__OpenIdConnect__Name", "Portal__OpenIdConnect__GroupClaim", "Portal__OpenIdConnect__Groups__ROLE",
        "Portal__Metrics__Retention__Raw", "Portal__Metrics__Retention__FiveMinutes", "Portal__Metrics__Retention__Hours",
        "Portal__Metrics__Engine",
        "Portal__Metrics__Prometheus__QueryUrl", "Portal__Metrics__Prometheus__WriteUrl", "Portal__Metrics__Prometheus__Token", "Portal__Metrics__Prometheus__Tenant", "Portal__Metrics__Prometheus__Queue",
        "Portal__Postgres__Binaries", "Portal__Postgres__Bundled",
        "Portal__Demo__SamplePartner", "Portal__Demo__Url",
    ];

    public static IEnumerable<Finding> Run(IConfiguration configuration)
    {
        var unknown = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(n => n.StartsWith("Portal__", StringComparison.OrdinalIgnoreCase))
            .Where(n => !IsKnown(n))
            .Order(StringComparer.Ordinal).ToList();
        yield return unknown.Count == 0
            ? Finding.Ok("settings", "every Portal__ variable is known")
            : Finding.Fault("settings", $"nothing reads {string.Join(", ", unknown)}", Nearest(unknown[0]) is { } near ? $"Is {near} meant?" : "Remove them, or look them up in docs/operations.md.");
        yield return Outbound(configuration);
        yield return Keeping(configuration);
        var (mail, password, token) = (configuration["Portal:Admin:Email"], configuration["Portal:Admin:Password"], configuration["Portal:Admin:ApiToken"]);
        if (mail is { Length: > 0 } && !MailAddress.TryCreate(mail, out _))
        {
            yield return Finding.Fault("administrator", $"Portal__Admin__Email is not a mail address: {mail}", "Write it as name@example.com.");
        }
        else if (string.IsNullOrEmpty(mail) && (!string.IsNullOrEmpty(password) || !string.IsNullOrEmpty(token)))
        {
            yield return Finding.Fault("administrator", "Portal__Admin__Email is not set", "Set it: password and token belong to that administrator. Or set none of them: then the first start prints a set-up link.");
        }
        else
        {
            yield return Finding.Ok("administrator", string.IsNullOrEmpty(mail) ? "none configured: the first start prints a set-up link" : mail);
        }
    }

    private static bool IsKnown(string name)
    {
        var plain = name.EndsWith("_FILE", StringComparison.OrdinalIgnoreCase) ? name[..^5] : name;
        return Known.Any(k => k.EndsWith("ROLE", StringComparison.Ordinal)
            ? plain.StartsWith(k[..^4], StringComparison.OrdinalIgnoreCase) && Words.TryParse<Role>(plain[(k.Length - 4)..], out _)
            : plain.Equals(k, StringComparison.OrdinalIgnoreCase));
    }

    private static Finding Outbound(IConfiguration configuration)
    {
        try
        {
            new Microsoft.Extensions.DependencyInjection.ServiceCollection().AddGuardedOutbound(configuration);
            var count = AllowedList.Parse(configuration["Portal:Outbound:Allowed"]).Count;
            return Finding.Ok("outgoing calls", count == 0 ? "public addresses only" : $"public addresses and {count} named by {AllowedList.Setting}");
        }
        catch (FormatException unreadable)
        {
            return Finding.Fault("outgoing calls", unreadable.Message, "The portal refuses to start like this. Correct the setting.");
        }
    }

    private static Finding Keeping(IConfiguration configuration)
    {
        try
        {
            var kept = Retention.Read(configuration["Portal:Metrics:Retention:Raw"], configuration["Portal:Metrics:Retention:FiveMinutes"], configuration["Portal:Metrics:Retention:Hours"]);
            return MetricsEngine.Read(name => configuration[name]) is { } engine
                ? Finding.Ok("metrics", $"samples are forwarded to {engine.WriteUrl.Authority} and read from {engine.QueryUrl.Authority}; they wait {PromDuration.Show(engine.Queue)} for it at most")
                : Finding.Ok("metrics", $"samples are kept for {PromDuration.Show(kept.Raw)}, rollups of five minutes for {PromDuration.Show(kept.FiveMinutes)}, of an hour for {PromDuration.Show(kept.Hours)}");
        }
        catch (FormatException unreadable)
        {
            return Finding.Fault("metrics", unreadable.Message, "The portal refuses to start like this. Correct the setting.");
        }
    }

    private static string? Nearest(string name) =>
        Known.Select(k => (Name: k, Slips: Slips(k.ToUpperInvariant(), name.ToUpperInvariant()))).Where(k => k.Slips <= 3).OrderBy(k => k.Slips).FirstOrDefault().Name;

    // Letters to add, drop or change until one name is the other (Levenshtein).
    private static int Slips(string wanted, string given)
    {
        var row = Enumerable.Range(0, given.Length + 1).ToArray();
        for (var i = 1; i <= wanted.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= given.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (wanted[i - 1] == given[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
