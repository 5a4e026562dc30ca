using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Data.Reviews;

/// <summary>Closes what an integration left open when its review ends in no-go: the stage, sources, tokens and guests; lists what people must withdraw; drafts the letter.</summary>
internal static class NoGo
{
    private static readonly Stage[] NotYetLive = [Stage.Prospect, Stage.InReview, Stage.Contracted, Stage.Integrating];
    private static readonly Stage[] Over = [Stage.Declined, Stage.Retired];

    /// <summary>Closes within the transaction of the decision. What users depend on already is left running: retiring that is a decision of its own.</summary>
    public static async Task CloseAsync(PortalContext db, Review review, Actor by, DateTimeOffset now, CancellationToken cancel)
    {
        var partner = await db.Partners.SingleAsync(p => p.Id == review.PartnerId, cancel);
        var integrations = await db.Integrations.Where(i => i.PartnerId == review.PartnerId).ToListAsync(cancel);
        var integration = integrations.Single(i => i.Id == review.IntegrationId);
        if (!NotYetLive.Contains(integration.Stage))
        {
            return;
        }

        var decision = review.Decision!;
        integration.MoveTo(Stage.Declined, [], Shorten(decision.Reason.Length > 0 ? decision.Reason : $"{review.Title}: no-go"), null, by.Name, now);
        var sources = await db.Set<MetricSource>().Where(s => s.IntegrationId == integration.Id && s.PausedAt == null).ToListAsync(cancel);
        sources.ForEach(s => s.Pause(now));
        var credentials = sources.Where(s => s.SealedHeaders is not null).Select(s => $"headers that the portal sends to the metric source {s.Name}")
            .Concat(integration.Environments.Select(e => $"keys and accounts for the environment {e.Name}"))
            .Append("access of our people to the partner's own portal, sandbox and test accounts").ToList();

        var invited = await ReviewInvitationStore.RevokeAllAsync(db, integration.Id, now, cancel);

        // Guests and tokens belong to the partner: they stay as long as another integration needs them.
        var last = integrations.All(i => i == integration || Over.Contains(i.Stage));
        var (tokens, guests) = last ? await EndAccessAsync(db, partner.Id, now, cancel) : ([], []);
        var contacts = await db.Contacts.AsNoTracking()
            .Where(c => c.PartnerId == partner.Id && c.Side == Side.Partner && c.RemovedAt == null && c.Email != null)
            .OrderBy(c => c.Order).Select(c => c.Email!).Take(5).ToListAsync(cancel);
        review.Close(new([.. sources.Select(s => s.Name)], tokens, [.. guests.Union(invited)], credentials, Letter(partner, integration, decision, contacts)));
    }

    private static async Task<(List<string> Tokens, List<string> Guests)> EndAccessAsync(PortalContext db, Guid partner, DateTimeOffset now, CancellationToken cancel)
    {
        var tokens = await db.Set<ApiToken>().Where(t => t.PartnerId == partner && t.RevokedAt == null).ToListAsync(cancel);
        tokens.ForEach(t => t.Revoke(now));
        var invitations = await db.Set<Invitation>().Where(i => i.PartnerId == partner && i.AcceptedAt == null && i.RevokedAt == null).ToListAsync(cancel);
        invitations.ForEach(i => i.Revoke(now));
        var guests = await db.Users.Where(u => u.PartnerId == partner && u.Role == Role.Guest && u.DisabledAt == null).ToListAsync(cancel);
        guests.ForEach(g => g.DisabledAt = now);
        var ids = guests.Select(g => g.Id).ToList();
        var sessions = await db.Set<Session>().Where(s => ids.Contains(s.PersonId) && s.EndedAt == null).ToListAsync(cancel);
        sessions.ForEach(s => s.End(now));
        return ([.. tokens.Select(t => t.Name)], [.. guests.Select(g => g.Email!).Concat(invitations.Select(i => i.Email!)).Distinct()]);
    }

    // Polite, without the internal reasons: a person adds what may be said.
    private static DraftedMail Letter(Partner partner, Integration integration, Decision decision, List<string> contacts)
    {
        var subject = integration.Slug == Integration.MainSlug ? $"Our evaluation of {partner.Name}" : $"Our evaluation of {partner.Name} ({integration.Name})";
        var again = decision.RevisitOn is { } day ? $" We plan to look at it again around {day:d MMMM yyyy} and will come back to you then." : "";
        return new(contacts, subject,
            $"""
            Hello,

            thank you for the time that your engineers gave to the technical review of {partner.Name}. We went through it with care and
            have decided not to go ahead with the integration for now.{again}

            On our side we have stopped reading your metrics and closed the accounts that we opened for your people. Please withdraw the
            keys and test accounts that you gave us.

            We are glad to explain which points decided it, if that helps you.

            Kind regards
            """);
    }

    private static string Shorten(string text) => text.Length <= 500 ? text : text[..499] + "…";
}
