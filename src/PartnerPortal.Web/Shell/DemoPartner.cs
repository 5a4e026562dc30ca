using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Web.Shell;

/// <summary>One partner of the demo, as people would type it.</summary>
/// <param name="Partner">The company.</param>
/// <param name="Stage">The stage of its first integration.</param>
/// <param name="Main">Its first integration.</param>
internal sealed record DemoPartner(PartnerDraft Partner, string Stage, IntegrationDraft Main)
{
    /// <summary>Integrations beside the first.</summary>
    public IReadOnlyList<IntegrationDraft> Others { get; init; } = [];

    /// <summary>People and desks of both sides, in the order in which to try.</summary>
    public IReadOnlyList<DemoContact> Contacts { get; init; } = [];

    /// <summary>The technical review of the first integration.</summary>
    public DemoReview? Review { get; init; }

    /// <summary>What operations do when it breaks.</summary>
    public IReadOnlyList<RunbookDraft> Runbooks { get; init; } = [];

    public string Slug => Partner.Slug!;
}

/// <summary>A contact of the demo.</summary>
/// <param name="Draft">The contact.</param>
/// <param name="LastAttempt">How the last call ended; null when nobody has tried yet.</param>
internal sealed record DemoContact(ContactDraft Draft, AttemptOutcome? LastAttempt = null)
{
    /// <summary>The desk that answers at any hour on our side; the same for every partner. Its number, like all of the demo, is reserved for fiction.</summary>
    public static DemoContact OurDesk { get; } = new(
        new ContactDraft("Operations desk", "ours", "desk", "on call", "+49 30 23125 100", "operations@example.com", "Europe/Berlin", "24/7", "en, de", "Pages whoever is on call."),
        AttemptOutcome.Reached);
}

/// <summary>A review of the demo.</summary>
/// <param name="By">The engineer who fills it in.</param>
/// <param name="Otherwise">The answer to every item that is not named; null leaves those open.</param>
/// <param name="Answers">Answers by key.</param>
/// <param name="Decision">How it ended; null while it is open.</param>
internal sealed record DemoReview(Actor By, AnswerDraft? Otherwise, IReadOnlyDictionary<string, AnswerDraft> Answers, DecisionDraft? Decision = null);

/// <summary>The people of the demo. They are names in fields, nobody can sign in as them.</summary>
internal static class DemoPeople
{
    public static readonly Actor Ana = Person("ana.silva@example.com", Role.Engineer);
    public static readonly Actor Li = Person("li.wei@example.com", Role.Engineer);
    public static readonly Actor Tom = Person("tom.becker@example.com", Role.Operator);

    private static Actor Person(string mail, Role role) => new(null, mail, role, "demo");
}
