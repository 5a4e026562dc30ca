using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Data.Storage;

/// <summary>Something that was found.</summary>
/// <param name="Kind">partner, contact, runbook, review, action.</param>
/// <param name="Slug">Its short name.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Detail">Where it belongs.</param>
/// <param name="Url">Its page.</param>
public sealed record SearchRow(string Kind, string Slug, string Title, string Detail, string Url);

/// <summary>Finds things of every kind by parts of words: exact names first, then beginnings, then words within, then anything.</summary>
public sealed class SearchStore(NpgsqlDataSource source)
{
    private const int MostWords = 6;

    // A new kind of thing adds one source. Columns: kind, slug, title, detail, url, name (lower case, for the order); it has the
    // column search_text under a trigram index in {0}, and names its partner's id in Partner.
    private static readonly SearchSource[] Sources =
    [
        new(Right.Read, "SELECT 'partner', p.slug, p.name, p.slug, '/partners/' || p.slug, lower(p.name), p.search_text FROM partners.partners p WHERE p.archived_at IS NULL", "p.search_text", "p.id"),
        new(Right.Read,
            "SELECT 'contact', c.slug, c.name, p.name, '/partners/' || p.slug || '/contacts', lower(c.name), c.search_text FROM contacts.contacts c JOIN partners.partners p ON p.id = c.partner_id WHERE c.removed_at IS NULL AND p.archived_at IS NULL",
            "c.search_text", "c.partner_id"),
        new(Right.Read,
            "SELECT 'runbook', r.slug, r.title, p.name, '/partners/' || p.slug || '/runbooks/' || r.slug, lower(r.title), lower(r.title || ' ' || r.text) FROM runbooks.runbooks r JOIN partners.partners p ON p.id = r.partner_id WHERE r.archived_at IS NULL AND p.archived_at IS NULL",
            "lower(r.title || ' ' || r.text)", "r.partner_id"),
        new(Right.Read,
            "SELECT 'review', r.id::text, r.title, p.name, '/reviews/' || r.id, lower(r.title), lower(r.title || ' ' || p.name) FROM reviews.reviews r JOIN partners.partners p ON p.id = r.partner_id WHERE p.archived_at IS NULL",
            "lower(r.title || ' ' || p.name)", "r.partner_id"),
        new(Right.Read,
            "SELECT 'action', a.id::text, left(a.text, 120), p.name, '/actions/' || a.id, lower(a.text), a.search_text FROM actions.actions a JOIN partners.partners p ON p.id = a.partner_id WHERE a.state = 'open' AND p.archived_at IS NULL",
            "a.search_text", "a.partner_id"),
    ];

    /// <summary>The likeliest things for a text, as far as the actor may know of them.</summary>
    /// <param name="text">Parts of words; all of them must stand in what is found.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="by">Who searches.</param>
    /// <param name="cancel">Cancels; the next letter was typed.</param>
    public async Task<IReadOnlyList<SearchRow>> FindAsync(string? text, int take, Actor by, CancellationToken cancel)
    {
        var whole = (text ?? "").Trim().ToLowerInvariant();
        var words = whole.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords).ToList();
        var sources = Sources.Where(s => by.May(s.Right)).ToList();
        if (words.Count == 0 || sources.Count == 0)
        {
            return [];
        }

        await using var command = source.CreateCommand(Sql(sources, words.Count));
        command.Parameters.Add(new() { Value = whole });
        command.Parameters.Add(new() { Value = Escape(whole) + "%" });
        command.Parameters.Add(new() { Value = "% " + Escape(whole) + "%" });
        command.Parameters.Add(new() { Value = take });
        command.Parameters.Add(new() { Value = (object?)by.PartnerId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        foreach (var word in words)
        {
            command.Parameters.Add(new() { Value = $"%{Escape(word)}%" });
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<SearchRow> found = [];
        while (await reader.ReadAsync(cancel))
        {
            found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        return found;
    }

    private static string Sql(IEnumerable<SearchSource> sources, int words)
    {
        var branches = sources.Select(s =>
        {
            var likes = Enumerable.Range(6, words).Select(n => string.Create(CultureInfo.InvariantCulture, $" AND {s.SearchText} LIKE ${n}"));
            return $"{s.Select} AND ($5::uuid IS NULL OR {s.Partner} = $5){string.Concat(likes)}";
        });
        return $"""
            SELECT kind, slug, title, detail, url FROM ({string.Join(" UNION ALL ", branches)}) AS f (kind, slug, title, detail, url, name, search_text)
            ORDER BY CASE WHEN name = $1 OR slug = $1 THEN 0 WHEN name LIKE $2 OR slug LIKE $2 THEN 1 WHEN search_text LIKE $3 THEN 2 ELSE 3 END, length(title), title, url LIMIT $4
            """;
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private sealed record SearchSource(Right Right, string Select, string SearchText, string Partner);
}
