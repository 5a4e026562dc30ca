namespace PartnerPortal.Data.Storage;

/// <summary>What a backup holds: the last entry of the file, readable by people.</summary>
/// <param name="Format">Version of the file's layout.</param>
/// <param name="Portal">The portal's version.</param>
/// <param name="At">The moment of the snapshot.</param>
/// <param name="PostgreSql">The server that it was taken from; any other from 15 on can take it.</param>
/// <param name="Migrations">The schema's history, oldest first.</param>
/// <param name="KeyFingerprint">Which key encrypted the secrets in it, or null when there was none yet.</param>
/// <param name="KeyIncluded">Whether that key lies in the file.</param>
/// <param name="Tables">All tables.</param>
/// <param name="Sequences">All counters.</param>
public sealed record BackupManifest(
    int Format, string Portal, DateTimeOffset At, string PostgreSql, IReadOnlyList<string> Migrations,
    string? KeyFingerprint, bool KeyIncluded, IReadOnlyList<BackupTable> Tables, IReadOnlyList<BackupSequence> Sequences)
{
    /// <summary>The layout that this portal writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Rows of all tables.</summary>
    public long Rows => Tables.Sum(t => t.Rows);
}

/// <summary>One table: an entry <c>tables/SCHEMA.NAME</c> in PostgreSQL's COPY text format.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The columns, in the order of the entry.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Sha256">Hash of the entry's text.</param>
public sealed record BackupTable(string Schema, string Name, IReadOnlyList<string> Columns, long Rows, string Sha256)
{
    internal string Entry => $"tables/{Schema}.{Name}";

    internal string Sql => DatabaseShape.Quoted(Schema, Name);

    internal string ColumnList => string.Join(", ", Columns.Select(c => DatabaseShape.Quoted(c)));
}

/// <summary>One counter.</summary>
public sealed record BackupSequence(string Schema, string Name, long LastValue, bool IsCalled);
