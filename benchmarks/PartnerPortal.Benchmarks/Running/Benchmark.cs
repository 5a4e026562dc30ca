using System.CommandLine;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>One benchmark as a command: finds the portal, runs, and says in one sentence why it could not.</summary>
internal static class Benchmark
{
    public const int Good = 0;
    public const int TooSlow = 1;
    public const int CouldNotRun = 2;

    public static Command Make(string name, string description, Func<PortalClient, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((_, cancel) => GuardAsync(run, cancel));
        return command;
    }

    /// <summary>Runs something and says in one sentence why it could not.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (CannotRun reason)
        {
            await Console.Error.WriteLineAsync(reason.Message);
            return CouldNotRun;
        }
        catch (HttpRequestException unreachable)
        {
            await Console.Error.WriteLineAsync($"The service does not answer: {unreachable.Message}");
            return CouldNotRun;
        }
    }

    private static Task<int> GuardAsync(Func<PortalClient, CancellationToken, Task<int>> run, CancellationToken cancel) => GuardAsync(async () =>
    {
        await using var portal = PortalClient.FromEnvironment();
        Machine.Describe();
        var code = await run(portal, cancel);
        Machine.DescribeLoad("at the end");
        return code;
    });
}

/// <summary>Why nothing can be measured, as a sentence for whoever started the benchmark.</summary>
internal sealed class CannotRun(string message) : Exception(message);
