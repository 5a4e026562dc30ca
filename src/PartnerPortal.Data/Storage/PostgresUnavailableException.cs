namespace PartnerPortal.Data.Storage;

/// <summary>The portal's own PostgreSQL server cannot run; the message says why and names a way out.</summary>
public sealed class PostgresUnavailableException : Exception
{
    public PostgresUnavailableException(string message)
        : base(message)
    {
    }

    public PostgresUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public PostgresUnavailableException()
    {
    }
}
