namespace PartnerPortal.Data.Storage;

/// <summary>A backup cannot be written or must not be restored; the message says why and names a way out.</summary>
public sealed class BackupRefusedException : Exception
{
    public BackupRefusedException(string message)
        : base(message)
    {
    }

    public BackupRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public BackupRefusedException()
    {
    }
}
