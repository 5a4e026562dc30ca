using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>Streams a table as COPY text. That format is the same for every PostgreSQL, unlike the binary one and unlike the files of its tools.</summary>
internal static class CopyText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Settings that decide how values are written; the same for reading back, so equal rows give equal text.</summary>
    public const string Session =
        """
        SET LOCAL client_encoding = 'UTF8'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC';
        SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL synchronize_seqscans = off;
        SET LOCAL max_parallel_workers_per_gather = 0;
        SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
        """;

    /// <summary>Writes the rows of a table and says how many they are and what they hash to.</summary>
    public static async Task<(long Rows, string Sha256)> ExportAsync(NpgsqlConnection connection, string table, string columns, Stream to, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var reader = await connection.BeginTextExportAsync($"COPY (SELECT {columns} FROM {table}) TO STDOUT", cancel);
        var text = new char[32 * 1024];
        var bytes = new byte[Utf8.GetMaxByteCount(text.Length)];
        var encoder = Utf8.GetEncoder();
        var rows = 0L;
        int count;
        while ((count = await reader.ReadAsync(text.AsMemory(), cancel)) > 0)
        {
            // A line break inside a value is written as \n, so every real one ends a row.
            rows += text.AsSpan(0, count).Count('\n');
            var length = encoder.GetBytes(text.AsSpan(0, count), bytes, flush: false);
            hash.AppendData(bytes, 0, length);
            await to.WriteAsync(bytes.AsMemory(0, length), cancel);
        }

        return (rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Puts the rows of an entry into a table.</summary>
    public static async Task ImportAsync(NpgsqlConnection connection, BackupTable table, Stream from, CancellationToken cancel)
    {
        using var reader = new StreamReader(from, Utf8);
        await using var writer = await connection.BeginTextImportAsync($"COPY {table.Sql} ({table.ColumnList}) FROM STDIN", cancel);
        var text = new char[32 * 1024];
        int count;
        while ((count = await reader.ReadAsync(text.AsMemory(), cancel)) > 0)
        {
            await writer.WriteAsync(text.AsMemory(0, count), cancel);
        }
    }
}
