using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>A review as it comes out of another portal.</summary>
/// <param name="Template">Slug of its template there.</param>
/// <param name="Checklist">What it asks.</param>
/// <param name="Tier">The tier that decided what was asked; null: the partner's here.</param>
/// <param name="StartedAt">When it was started; null: now.</param>
/// <param name="StartedBy">Who started it; null: whoever imports it.</param>
/// <param name="Answers">What was said.</param>
/// <param name="Decision">How it ended; null while it is open.</param>
/// <param name="ConcludedAt">When it ended.</param>
public sealed record ReviewFile(
    string Template, Checklist Checklist, Tier? Tier, DateTimeOffset? StartedAt, string? StartedBy, IReadOnlyList<AnswerInFile> Answers, DecisionDraft? Decision, DateTimeOffset? ConcludedAt);

/// <summary>An answer in such a file.</summary>
public sealed record AnswerInFile(string Key, AnswerDraft Draft, string? By, DateTimeOffset? At);

/// <summary>Takes a review out of a file of another portal: all of it or nothing.</summary>
public sealed class ReviewImportStore(PortalDatabase database)
{
    /// <summary>Enters the review with its answers and its decision; the version of its template is added when it is not here.</summary>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    /// <exception cref="NotAllowed">The review is concluded, and this person must not conclude.</exception>
    /// <exception cref="FieldsRefused">An answer breaks a rule; the field names the item.</exception>
    public async Task<Review> ImportAsync(string partner, string integration, ReviewFile file, Actor by, CancellationToken cancel)
    {
        if (file.Decision is not null)
        {
            by.Need(Right.ConcludeReviews);
        }

        await using var db = await database.WriteAsync(by, cancel);
        var place = await (
            from i in db.Integrations
            join p in db.Partners on i.PartnerId equals p.Id
            where p.Slug == partner && i.Slug == integration
            select new { i.Id, i.PartnerId, p.Name, p.Tier, p.ArchivedAt }).SingleOrDefaultAsync(cancel)
            ?? throw new NotThere($"integration {integration} of a partner called {partner}");
        if (place.ArchivedAt is not null)
        {
            throw new RuleBroken($"{place.Name} is archived. Bring it back before you review it.");
        }

        var now = database.Now;
        var version = await VersionAsync(db, file, now, cancel);
        var review = Review.Start(place.PartnerId, place.Id, file.Tier ?? place.Tier, version, file.StartedBy ?? by.Name, Earlier(file.StartedAt, now));
        var check = new FieldCheck();
        foreach (var answer in file.Answers)
        {
            Record(review, file.Checklist, answer, by, now, check);
        }

        check.ThrowIfRefused();
        if (file.Decision is { } decision)
        {
            // What the review was worth then stands in the file; the targets of this portal do not change it.
            var at = Earlier(file.ConcludedAt, now);
            review.Conclude(review.StandingsAt(file.Checklist, _ => null, at), [], decision, at);
        }

        db.Add(review);
        db.AddRange(review.Answers.Select(AnswerVersion.Of));
        await db.SaveAsync(cancel, () => new AlreadyTaken("template", "Somebody added this checklist in the same moment. Import the review again."));
        return review;
    }

    // The names and days of the answers stay: they are what the review is worth. The audit log says who imported them.
    private static void Record(Review review, Checklist checklist, AnswerInFile answer, Actor by, DateTimeOffset now, FieldCheck check)
    {
        try
        {
            review.Record(checklist, answer.Key, answer.Draft, Answer.Untouched, by with { Name = answer.By ?? by.Name }, Earlier(answer.At, now));
        }
        catch (FieldsRefused refused)
        {
            foreach (var (field, sentence) in refused.Errors.SelectMany(e => e.Value.Select(s => (e.Key, s))))
            {
                check.Refuse($"items[{answer.Key}].{field}", sentence);
            }
        }
        catch (NotThere)
        {
            check.Refuse($"items[{answer.Key}]", "The checklist in the file has no such item.");
        }
        catch (ChangedMeanwhile)
        {
            check.Refuse($"items[{answer.Key}]", "This item stands twice in the file.");
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset? at, DateTimeOffset now) => at is { } given && given < now ? given.ToUniversalTime() : now;

    private static async Task<TemplateVersion> VersionAsync(PortalContext db, ReviewFile file, DateTimeOffset now, CancellationToken cancel)
    {
        var wanted = JsonSerializer.Serialize(file.Checklist, JsonColumn.Options);
        var slug = Slug.Fits(file.Template) ? file.Template : Slug.From(file.Checklist.Title, "checklist");
        var known = await (
            from t in db.Set<ChecklistTemplate>()
            join v in db.Set<TemplateVersion>().AsNoTracking() on t.Id equals v.TemplateId
            where t.Title == file.Checklist.Title || t.Slug == slug
            orderby t.Slug == slug descending, v.Number descending
            select v).ToListAsync(cancel);
        if (known.FirstOrDefault(v => JsonSerializer.Serialize(v.Content, JsonColumn.Options) == wanted) is { } same)
        {
            return same;
        }

        // Another wording under the same name stays as it is: nobody here starts reviews from somebody else's list unnoticed.
        var taken = await db.Set<ChecklistTemplate>().Where(t => t.Slug == slug || EF.Functions.Like(t.Slug, slug + "-%")).Select(t => t.Slug).ToListAsync(cancel);
        var free = slug;
        for (var number = 2; taken.Contains(free); number++)
        {
            var end = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            free = (slug.Length + end.Length > Slug.Longest ? slug[..(Slug.Longest - end.Length)].TrimEnd('-') : slug) + end;
        }

        var template = ChecklistTemplate.Create(free, file.Checklist, shipped: false, now);
        db.Add(template);
        return template.Versions[0];
    }
}
