using System.Net.Sockets;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>Tells "the database cannot be reached just now" from every other failure.</summary>
public static class DatabaseAway
{
    /// <summary>Whether the failure, or what lies under it, is a database that is away, hung, starting or stopping.</summary>
    public static bool Is(Exception? failure) => failure switch
    {
        null => false,
        PostgresException e => e.IsTransient || e.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException or SocketException or TimeoutException => true,
        _ => Is(failure.InnerException),
    };
}
