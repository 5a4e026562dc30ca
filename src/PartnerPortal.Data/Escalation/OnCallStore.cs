using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.Data.Escalation;

/// <summary>Something that a step can call, found by a text.</summary>
public sealed record TargetRow(Target Target, string Label, string Detail);

/// <summary>Who would be called at a moment. The rules are in <see cref="CallPlan"/>; this reads what they need.</summary>
public sealed class OnCallStore(PortalDatabase database, PolicyStore policies, IntegrationStore integrations)
{
    /// <summary>Who would be called for an integration if an alert came at a moment.</summary>
    /// <exception cref="NotThere">The partner or the integration does not exist.</exception>
    public async Task<CallPlan> WhoAsync(string partner, string integration, DateTimeOffset at, CancellationToken cancel)
    {
        var found = await integrations.GetAsync(partner, integration, cancel);
        var lastResort = await policies.LastResortAsync(cancel);
        var linked = found.EscalationPolicy is { } slug ? await policies.GetAsync(slug, cancel) : null;
        var reach = await ReachAsync([.. (linked?.Steps ?? []).Concat(lastResort.Steps).SelectMany(s => s.Targets).Distinct()], found.PartnerId, at, cancel);
        return CallPlan.For(linked, lastResort, reach, at);
    }

    /// <summary>Who would be called by a policy, whichever integration follows it.</summary>
    public async Task<CallPlan> PlanAsync(EscalationPolicy policy, DateTimeOffset at, CancellationToken cancel)
    {
        var reach = await ReachAsync([.. policy.Steps.SelectMany(s => s.Targets).Distinct()], null, at, cancel);
        return CallPlan.Of(policy, policy.IsLastResort ? "Followed where no other policy is linked, or where the linked one reaches nobody." : "", reach, at);
    }

    /// <summary>People, teams and contacts that a text fits; the likeliest kinds first.</summary>
    public async Task<IReadOnlyList<TargetRow>> SearchAsync(string text, int most, CancellationToken cancel)
    {
        var words = text.Trim().ToLowerInvariant();
        var like = "%" + words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        await using var db = await database.ReadAsync(cancel);
        var people = await db.Users.Where(u => u.DisabledAt == null && u.Email != null && u.Role != Role.Guest && (EF.Functions.ILike(u.Email, like) || EF.Functions.ILike(u.DisplayName, like)))
            .OrderBy(u => u.DisplayName).Take(most).Select(u => new { u.Email, u.DisplayName, u.Role }).ToListAsync(cancel);
        var teams = await db.Teams.Where(t => EF.Functions.ILike(t.Name, like) || EF.Functions.ILike(t.Slug, like)).OrderBy(t => t.Name).Take(most).ToListAsync(cancel);
        var schedules = await db.Set<Schedule>().Where(s => EF.Functions.ILike(s.Name, like) || EF.Functions.ILike(s.Slug, like)).OrderBy(s => s.Name).Take(most).ToListAsync(cancel);
        var services = await db.Set<Channel>().Where(c => c.Slug != null && (EF.Functions.ILike(c.Name, like) || EF.Functions.ILike(c.Slug, like))).OrderBy(c => c.Name).Take(most).ToListAsync(cancel);
        var contacts = await db.Contacts.Where(c => c.RemovedAt == null)
            .Join(db.Partners.Where(p => p.ArchivedAt == null), c => c.PartnerId, p => p.Id, (c, p) => new { c, p })
            .Where(x => EF.Functions.ILike(x.c.Name + " " + x.c.Role + " " + x.p.Name + " " + x.p.Slug + "/" + x.c.Slug, like))
            .OrderBy(x => x.p.Name).ThenBy(x => x.c.Side).ThenBy(x => x.c.Order).Take(most)
            .Select(x => new { x.c.Slug, x.c.Name, x.c.Role, x.c.Side, Partner = x.p.Slug, PartnerName = x.p.Name }).ToListAsync(cancel);
        var roles = Enum.GetValues<Role>().Where(r => r != Role.Guest && $"every {Words.Of(r)}".Contains(words, StringComparison.Ordinal));
        return
        [
            .. new[]
            {
                people.Select(u => new TargetRow(new(TargetKind.Person, u.Email!.ToLowerInvariant()), Named(u.DisplayName, u.Email!), $"{Words.Of(u.Role)} · {u.Email}")),
                schedules.Select(s => new TargetRow(new(TargetKind.Schedule, s.Slug), s.Name, $"schedule · {s.TimeZone}")),
                teams.Select(t => new TargetRow(new(TargetKind.Team, t.Slug), t.Name, $"team · {t.Members.Count} {(t.Members.Count == 1 ? "person" : "people")}")),
                services.Select(c => new TargetRow(new(TargetKind.Service, c.Slug!), c.Name, $"service · {Words.Of(c.Kind)}")),
                contacts.Select(c => new TargetRow(new(TargetKind.Contact, $"{c.Partner}/{c.Slug}"), c.Name, $"{(c.Side == Side.Ours ? "ours for " : "")}{c.PartnerName}{(c.Role.Length > 0 ? " · " + c.Role : "")}")),
                roles.Select(r => new TargetRow(new(TargetKind.Role, Words.Of(r)), $"Every {Words.Of(r)}", "everybody here with this role")),
            }.SelectMany(rows => rows).Take(most),
        ];
    }

    /// <summary>What each target stands for at a moment.</summary>
    /// <param name="targets">Which ones.</param>
    /// <param name="partner">The partner that it is about: its contacts of our side say more about our people than an account does.</param>
    /// <param name="at">The moment for which schedules are asked.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<Func<Target, Reached>> ReachAsync(IReadOnlyList<Target> targets, Guid? partner, DateTimeOffset at, CancellationToken cancel)
    {
        await using var db = await database.ReadAsync(cancel);
        var book = await CalleeBook.ReadAsync(db, targets, partner, at, cancel);
        return book.Reach;
    }

    private static string Named(string name, string mail) => name.Length > 0 ? name : mail;
}
