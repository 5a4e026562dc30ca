using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Data.Audit;

/// <summary>The newest head of the audit log beside the database, in <c>audit-head</c> of the data directory: it shows rows cut off at the end even when the database's own head was turned back, too.</summary>
public sealed class AuditHeadFile(string dataDirectory)
{
    private readonly string _path = Path.Combine(dataDirectory, "audit-head");

    /// <summary>The head that is written down; null when there is none.</summary>
    public AuditHead? Read()
    {
        try
        {
            return AuditHead.TryParse(File.ReadAllText(_path), out var head) ? head : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a newer head down. An older one is not taken: that is exactly what the file must show.</summary>
    public void Write(AuditHead head)
    {
        if (head.Position <= (Read()?.Position ?? 0))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllText(_path + ".new", head + "\n");
        File.Move(_path + ".new", _path, overwrite: true);
    }

    /// <summary>Keeps the head under another name: a backup that is put back rightly ends earlier.</summary>
    public void SetAside()
    {
        if (File.Exists(_path))
        {
            File.Move(_path, _path + ".before-restore", overwrite: true);
        }
    }
}
