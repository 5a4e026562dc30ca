using Npgsql;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Cli.Running;

/// <summary>Whether the database answers, is new enough, agrees on the time, and has this portal's schema.</summary>
internal static class DatabaseChecks
{
    private const int OldestMajor = 15;
    private static readonly TimeSpan MostDrift = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<Finding>> RunAsync(StorageSettings settings, CancellationToken cancel)
    {
        try
        {
            if (settings.ConnectionString is null && !PrivatePostgres.HasData(settings.DataDirectory))
            {
                // Looking must not make anything: the first start makes the data.
                var programs = await PrivatePostgres.FindProgramsAsync(settings.Private, cancel);
                return [Finding.Ok("database", $"none yet; the first start makes one with {programs}")];
            }

            await using var storage = await settings.OpenAsync(cancel: cancel);
            return await LookAsync(storage, cancel);
        }
        catch (PostgresUnavailableException e)
        {
            return [Finding.Fault("database", e.Message, "See above: the message names a way out.")];
        }
        catch (Exception e) when (CommandRun.Sentence(e) is { } sentence && e is not OperationCanceledException)
        {
            return [Finding.Fault("database", sentence, "Check ConnectionStrings__Portal, and that the server runs and lets this machine in.")];
        }
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(OpenStorage storage, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(storage.ConnectionString) { Pooling = false, Timeout = 5, CommandTimeout = 10 }.ConnectionString);
        await connection.OpenAsync(cancel);
        var version = connection.PostgreSqlVersion;
        findings.Add(version.Major < OldestMajor
            ? Finding.Fault("database", $"PostgreSQL {version} is too old", $"Use PostgreSQL {OldestMajor} or newer.")
            : Finding.Ok("database", $"PostgreSQL {version}, {(storage.Private is null ? "configured" : "the portal's own")}"));

        await using (var ask = new NpgsqlCommand("SELECT clock_timestamp()", connection))
        {
            var drift = ((DateTime)(await ask.ExecuteScalarAsync(cancel))! - TimeProvider.System.GetUtcNow().UtcDateTime).Duration();
            findings.Add(drift > MostDrift
                ? Finding.Fault("clock", $"this machine and the database differ by {drift.TotalSeconds:0} s", "Let both follow a time server: escalations are timed by the database.")
                : Finding.Ok("clock", "agrees with the database"));
        }

        findings.Add(Schema(await Migrator.CompareAsync(storage.ConnectionString, cancel)));
        if (await KeyGuard.WantedAsync(storage.ConnectionString, cancel) is { } wanted && KeyGuard.Fault(wanted, storage.Settings) is { } fault)
        {
            findings.Add(Finding.Fault("key of the database", fault, "The portal refuses to start like this."));
        }

        return findings;
    }

    private static Finding Schema(SchemaState schema) => schema switch
    {
        { Strange.Count: > 0 } => Finding.Fault("schema", $"the database was made by a newer portal ({schema.Strange[^1]})", "Start that version, or restore a backup made before the upgrade."),
        { Applied.Count: 0 } => Finding.Ok("schema", "empty: the first start makes it"),
        { Pending.Count: > 0 } => Finding.Fault("schema", $"{schema.Pending.Count} migrations are pending, from {schema.Pending[0]}", "Make a backup, then start this portal: it applies them."),
        _ => Finding.Ok("schema", "up to date"),
    };
}
