using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PartnerPortal.Data;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using Spectre.Console;

namespace PartnerPortal.Cli;

/// <summary>What all commands share: settings, output for people or programs, and failures as one sentence instead of a stack.</summary>
internal static class CommandRun
{
    public const int Good = 0;
    public const int BadNews = 1;
    public const int CouldNotRun = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Option<bool> JsonOption() => new("--json") { Description = "Answer for programs." };

    /// <summary>The environment, with files for secrets.</summary>
    public static IConfigurationRoot Configuration() => new ConfigurationBuilder().AddEnvironmentVariables().AddSecretFiles().Build();

    public static StorageSettings Storage() => StorageSettings.From(Configuration());

    /// <summary>In whose name commands write: whoever holds the settings holds the database.</summary>
    public static Actor Administrator => Actor.Portal($"command line ({Environment.UserName})");

    /// <summary>The stores over the database, which must have this portal's schema already.</summary>
    public static async Task<CommandHost> OpenHostAsync(CancellationToken cancel)
    {
        var settings = Storage();
        Demand(settings);
        var storage = await settings.OpenAsync(Console.Error.WriteLine, cancel);
        var schema = await Migrator.CompareAsync(storage.ConnectionString, cancel);
        if (schema.Pending.Count > 0 || schema.Strange.Count > 0)
        {
            await storage.DisposeAsync();
            throw new PostgresUnavailableException("The database does not have this portal's schema. Start this portal once; portal doctor says more.");
        }

        return new(storage, new ServiceCollection().AddLogging().AddPortalStorage(storage.ConnectionString).BuildServiceProvider());
    }

    /// <summary>Refuses to make an empty database where a wrong folder was named.</summary>
    public static void Demand(StorageSettings settings)
    {
        if (settings.ConnectionString is null && !PrivatePostgres.HasData(settings.DataDirectory))
        {
            throw new PostgresUnavailableException($"There is no database in {settings.DataDirectory}. Set Portal__DataDirectory or ConnectionStrings__Portal as they are for the portal.");
        }
    }

    public static void WriteJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>A line for people; on standard error where standard output is for programs.</summary>
    public static IAnsiConsole Screen(bool json = false) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out) });

    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        if (args.Length == 0)
        {
            await root.Parse("--help").InvokeAsync();
            return CouldNotRun;
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                Console.Error.WriteLine("portal: " + error.Message);
            }

            Console.Error.WriteLine("portal: see portal --help");
            return CouldNotRun;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
        }
        catch (Exception e)
        {
            // An unknown failure is ours: its stack helps whoever mends it.
            Console.Error.WriteLine("portal: " + (Sentence(e) ?? e.ToString()));
            return CouldNotRun;
        }
    }

    /// <summary>The sentence of a failure that people can do something about; null for a fault of ours.</summary>
    public static string? Sentence(Exception failure) => failure switch
    {
        BackupRefusedException or PostgresUnavailableException or FormatException or RuleBroken or NotThere => failure.Message,
        FieldsRefused refused => string.Join(Environment.NewLine + "portal: ", refused.Errors.SelectMany(e => e.Value.Select(s => $"{e.Key}: {s}"))),
        PostgresException refused => $"The database refused: {refused.MessageText} ({refused.SqlState})",
        NpgsqlException away => $"The database cannot be reached: {away.InnerException?.Message ?? away.Message}",
        OperationCanceledException => "Stopped.",
        _ => null,
    };
}

/// <summary>The stores of one command, and the database under them.</summary>
internal sealed record CommandHost(OpenStorage Storage, ServiceProvider Services) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Storage.DisposeAsync();
    }
}
