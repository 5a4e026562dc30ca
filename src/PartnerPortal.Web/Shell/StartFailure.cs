using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Shell;

/// <summary>A start that fails for a reason an operator can mend ends with one sentence, not with a stack trace.</summary>
internal static class StartFailure
{
    private const int Interrupted = 130;

    public static void TellPlainly() => AppDomain.CurrentDomain.UnhandledException += (_, e) =>
    {
        if (e.ExceptionObject is OperationCanceledException)
        {
            Environment.Exit(Interrupted);
        }

        if (e.ExceptionObject is Exception failure && IsForOperators(failure))
        {
            Console.Error.WriteLine("portal: " + (DatabaseAway.Is(failure) ? $"The database does not answer: {failure.GetBaseException().Message}" : failure.Message) + (failure.InnerException is AddressInUseException ? " Choose another: --urls http://localhost:5081" : ""));
            Environment.Exit(1);
        }
    };

    // A message that names a setting was written for the person who sets it.
    private static bool IsForOperators(Exception failure) =>
        failure is PostgresUnavailableException or OptionsValidationException or IOException
        || DatabaseAway.Is(failure) // it answered a moment ago: whoever starts the portal starts it again
        || failure.Message.Contains("Portal__", StringComparison.Ordinal);
}
