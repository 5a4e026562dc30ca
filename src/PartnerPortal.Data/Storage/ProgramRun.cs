using System.ComponentModel;
using System.Diagnostics;

namespace PartnerPortal.Data.Storage;

/// <summary>One finished run of another program.</summary>
internal sealed record ProgramRun(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Runs to the end and collects what was written; a program that cannot be started is a failed run.</summary>
    public static async Task<ProgramRun> OfAsync(ProcessStartInfo info, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(info)!;
            using var stop = cancel.Register(() => Kill(process));
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            cancel.ThrowIfCancellationRequested();
            return new(process.ExitCode, output + await errors);
        }
        catch (Win32Exception e)
        {
            return new(-1, $"{info.FileName}: {e.Message}");
        }
    }

    /// <summary>Waits for the exit alone: a server that the program leaves behind may hold on to its pipes.</summary>
    public static async Task<int> ExitOfAsync(ProcessStartInfo info)
    {
        try
        {
            using var process = Process.Start(info)!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return -1;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in the meantime.
        }
    }
}
