using Npgsql;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Data.Runbooks;

/// <summary>One line of a list of runbooks.</summary>
/// <param name="Excerpt">Where the words were found: pieces of text, the found words between <see cref="RunbookListStore.Start"/> and <see cref="RunbookListStore.Stop"/>; null without a search.</param>
public sealed record RunbookRow(
    Guid Id, string Partner, string PartnerName, string Slug, string Title, int Number, int Steps, DateTimeOffset ChangedAt, string ChangedBy,
    DateOnly? VerifiedOn, string? VerifiedBy, int? VerifiedNumber, DateTimeOffset? ArchivedAt, string? Excerpt);

/// <summary>Finds runbooks by their words; words that were typed wrong are found by likeness.</summary>
public sealed class RunbookListStore(PortalDatabase database)
{
    /// <summary>Stands before a found word in an excerpt.</summary>
    public const char Start = '\u0002';

    /// <summary>Stands after a found word in an excerpt.</summary>
    public const char Stop = '\u0003';

    private const string Columns =
        "r.id, p.slug, p.name, r.slug, r.title, r.number, r.steps, r.changed_at, r.changed_by, r.verified_on, r.verified_by, r.verified_number, r.archived_at";

    /// <summary>Runbooks of one partner or of all, by title; with a text the best match first.</summary>
    /// <param name="partner">The partner's slug; null for all partners that are not archived.</param>
    /// <param name="text">Words to find, "quoted" ones together, -without; null or empty lists all.</param>
    /// <param name="archived">Whether to list what was archived instead.</param>
    /// <param name="skip">How many rows to leave out.</param>
    /// <param name="take">Most rows.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IReadOnlyList<RunbookRow>> FindAsync(string? partner, string? text, bool archived, int skip, int take, CancellationToken cancel)
    {
        var words = (text ?? "").Trim().Replace("\0", "", StringComparison.Ordinal);
        words = words.Length > 200 ? words[..200] : words;
        if (words.Length == 0)
        {
            return await ReadAsync($"{Select("NULL")} ORDER BY lower(r.title), r.slug LIMIT $4 OFFSET $5", partner, archived, words, take, skip, cancel);
        }

        var exact = await ReadAsync(
            $"""
            WITH asked AS (SELECT websearch_to_tsquery('english', $3) || websearch_to_tsquery('simple', $3) || {Beginning} AS query),
            found AS ({Select("NULL")} AND r.words @@ (SELECT query FROM asked)
                ORDER BY ts_rank(r.words, (SELECT query FROM asked)) DESC, lower(r.title) LIMIT $4 OFFSET $5)
            {Excerpted("(SELECT query FROM asked)", "ts_rank(r.words, (SELECT query FROM asked))")}
            """,
            partner, archived, words, take, skip, cancel);
        return exact.Count > 0 || skip > 0 ? exact : await ReadAsync(
            $"{Select("NULL")} AND lower($3) <% {Likeness} ORDER BY word_similarity(lower($3), {Likeness}) DESC, lower(r.title) LIMIT $4 OFFSET $5",
            partner, archived, words, take, skip, cancel);
    }

    // The last word may still be being typed, so its beginning is enough, except beside quotes and minus signs; letters and digits only, so that it always parses.
    private const string Beginning =
        """
        CASE WHEN $3 ~ '["-]' THEN ''::tsquery
            ELSE coalesce(to_tsquery('simple', nullif(regexp_replace(regexp_replace($3, '^.*\s', ''), '[^[:alnum:]]', '', 'g'), '') || ':*'), ''::tsquery) END
        """;

    // Spelled as in the index.
    private const string Likeness = "lower(r.title || ' ' || r.text)";

    private static string Select(string excerpt) =>
        $"""
        SELECT {Columns}, {excerpt}::text AS excerpt FROM runbooks.runbooks r JOIN partners.partners p ON p.id = r.partner_id
        WHERE (r.archived_at IS NOT NULL) = $2 AND CASE WHEN $1::text IS NULL THEN p.archived_at IS NULL ELSE p.slug = $1 END
        """;

    // Excerpts are costly, so they are made for the rows of the page only.
    private static string Excerpted(string query, string rank) =>
        $"""
        SELECT {Columns}, ts_headline('english', r.text, {query}, 'MaxFragments=2, MaxWords=18, MinWords=6, FragmentDelimiter=" … ", StartSel={Start}, StopSel={Stop}')
        FROM found f JOIN runbooks.runbooks r ON r.id = f.id JOIN partners.partners p ON p.id = r.partner_id
        ORDER BY {rank} DESC, lower(r.title)
        """;

    private async Task<IReadOnlyList<RunbookRow>> ReadAsync(string sql, string? partner, bool archived, string words, int take, int skip, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var looser = new NpgsqlCommand("SET LOCAL pg_trgm.word_similarity_threshold = 0.45", connection, transaction))
        {
            await looser.ExecuteNonQueryAsync(cancel);
        }

        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.Add(new() { Value = (object?)partner ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = archived });
        command.Parameters.Add(new() { Value = words });
        command.Parameters.Add(new() { Value = take });
        command.Parameters.Add(new() { Value = skip });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<RunbookRow> rows = [];
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(Row(reader));
        }

        return rows;
    }

    private static RunbookRow Row(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5), row.GetInt32(6),
        row.GetFieldValue<DateTimeOffset>(7), row.GetString(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<DateOnly>(9), row.IsDBNull(10) ? null : row.GetString(10), row.IsDBNull(11) ? null : row.GetInt32(11),
        row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12), row.IsDBNull(13) ? null : row.GetString(13));
}
