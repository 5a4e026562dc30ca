using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Data.Partners;

/// <summary>One line of a file of partners.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Draft">The partner it describes.</param>
/// <param name="Stage">The stage for a new partner; a known partner keeps its own.</param>
/// <param name="Criticality">How much depends on its first integration.</param>
public sealed record PartnerImportLine(int Line, PartnerDraft Draft, string? Stage, string? Criticality);

/// <summary>What becomes of a line.</summary>
public enum ImportFate
{
    /// <summary>A partner that is not there yet.</summary>
    New,

    /// <summary>A known partner gets other values.</summary>
    Changed,

    /// <summary>A known partner already is like this.</summary>
    Same,

    /// <summary>The line cannot be accepted.</summary>
    Refused,
}

/// <summary>What became, or would become, of one line.</summary>
public sealed record ImportRow(int Line, string Slug, string Name, ImportFate Fate, IReadOnlyDictionary<string, string[]> Errors);

/// <summary>Takes a file of partners: a preview first, then all of it or nothing.</summary>
public sealed class PartnerImportStore(PortalDatabase database)
{
    /// <summary>Most lines that one file may have.</summary>
    public const int MostLines = 20_000;

    /// <summary>Says what becomes of every line; unless it is a rehearsal or a line is refused, it also happens, in one transaction.</summary>
    public async Task<IReadOnlyList<ImportRow>> ImportAsync(IReadOnlyList<PartnerImportLine> lines, bool rehearse, Actor by, CancellationToken cancel)
    {
        if (lines.Count > MostLines)
        {
            throw new RuleBroken($"The file has {lines.Count} lines; at most {MostLines} are taken at once. Split it.");
        }

        await using var db = await database.WriteAsync(by, cancel);
        db.AddsInBulk = true;
        var known = await KnownAsync(db, lines, cancel);
        List<ImportRow> rows = [];
        HashSet<string> seen = [];
        foreach (var line in lines)
        {
            cancel.ThrowIfCancellationRequested();
            rows.Add(Take(db, line, known, seen, by));
        }

        if (!rehearse && rows.TrueForAll(r => r.Fate != ImportFate.Refused))
        {
            var added = rows.Count(r => r.Fate == ImportFate.New);
            if (added > 0)
            {
                var subject = new AuditSubject("partner", Guid.Empty, $"{added} partners from a file", null);
                db.Add(new AuditEntry(Guid.CreateVersion7(database.Now), database.Now, by, subject, "imported", null, null));
            }

            await db.SaveAsync(cancel, () => new AlreadyTaken("slug", "A partner of the same slug was entered meanwhile. Import again."));
        }

        return rows;
    }

    private static async Task<Dictionary<string, Partner>> KnownAsync(PortalContext db, IReadOnlyList<PartnerImportLine> lines, CancellationToken cancel)
    {
        var slugs = lines.Select(SlugOf).Distinct().ToList();
        return await db.Partners.Include(p => p.Integrations).Where(p => slugs.Contains(p.Slug)).ToDictionaryAsync(p => p.Slug, cancel);
    }

    private static string SlugOf(PartnerImportLine line) => string.IsNullOrWhiteSpace(line.Draft.Slug) ? Slug.From(line.Draft.Name ?? "") : line.Draft.Slug;

    private ImportRow Take(PortalContext db, PartnerImportLine line, Dictionary<string, Partner> known, HashSet<string> seen, Actor by)
    {
        var slug = SlugOf(line);
        try
        {
            if (!seen.Add(slug))
            {
                throw new FieldsRefused("slug", $"Two lines of this file are called {slug}.");
            }

            var fate = known.TryGetValue(slug, out var partner) ? Change(db, partner, line) : Enter(db, line, by);
            return new(line.Line, slug, line.Draft.Name ?? slug, fate, FieldsRefusedNone);
        }
        catch (FieldsRefused refused)
        {
            return new(line.Line, slug, line.Draft.Name ?? slug, ImportFate.Refused, refused.Errors);
        }
        catch (RuleBroken rule)
        {
            return new(line.Line, slug, line.Draft.Name ?? slug, ImportFate.Refused, new Dictionary<string, string[]> { [""] = [rule.Message] });
        }
    }

    private static readonly Dictionary<string, string[]> FieldsRefusedNone = [];

    private ImportFate Enter(PortalContext db, PartnerImportLine line, Actor by)
    {
        var partner = Partner.Enter(line.Draft, line.Stage, by.Name, database.Now);
        partner.Integrations[0].Change(new IntegrationDraft(Criticality: line.Criticality));
        db.Add(partner);
        return ImportFate.New;
    }

    private static ImportFate Change(PortalContext db, Partner partner, PartnerImportLine line)
    {
        partner.Change(line.Draft with { Slug = null });
        partner.Integrations[0].Change(new IntegrationDraft(Criticality: line.Criticality));
        return db.Entry(partner).State == EntityState.Modified || db.Entry(partner.Integrations[0]).State == EntityState.Modified ? ImportFate.Changed : ImportFate.Same;
    }
}
