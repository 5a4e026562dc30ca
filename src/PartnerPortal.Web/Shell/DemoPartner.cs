using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.Web.Shell;

/// <summary>One partner of the demo, as people would type it.</summary>
/// <param name="Partner">The company.</param>
/// <param name="Stage">The stage at which its first integration is entered.</param>
/// <param name="Main">Its first integration.</param>
internal sealed record DemoPartner(PartnerDraft Partner, string Stage, IntegrationDraft Main)
{
    /// <summary>Where the first integration moves afterwards, with the proof that each stage asks for.</summary>
    public IReadOnlyList<Stage> Moves { get; init; } = [];

    /// <summary>Integrations beside the first.</summary>
    public IReadOnlyList<IntegrationDraft> Others { get; init; } = [];

    /// <summary>People and desks of both sides, in the order in which to try.</summary>
    public IReadOnlyList<DemoContact> Contacts { get; init; } = [];

    /// <summary>Reviews of the first integration, in the order in which they were held.</summary>
    public IReadOnlyList<DemoReview> Reviews { get; init; } = [];

    /// <summary>What operations do when it breaks.</summary>
    public IReadOnlyList<RunbookDraft> Runbooks { get; init; } = [];

    /// <summary>Whom to call when, for the first integration; null leaves it to the company's last resort.</summary>
    public PolicyDraft? Policy { get; init; }

    /// <summary>Pages of metrics of the first integration.</summary>
    public IReadOnlyList<SourceDraft> Sources { get; init; } = [];

    /// <summary>Charts of the first integration, in order.</summary>
    public IReadOnlyList<ChartDraft> Charts { get; init; } = [];

    /// <summary>Counters of both sides that count the same calls.</summary>
    public IReadOnlyList<CounterPairDraft> Pairs { get; init; } = [];

    /// <summary>Rules over the figures of the first integration.</summary>
    public IReadOnlyList<RuleDraft> Rules { get; init; } = [];

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
internal sealed record DemoReview(Actor By, AnswerDraft? Otherwise, IReadOnlyDictionary<string, AnswerDraft> Answers, DecisionDraft? Decision = null)
{
    /// <summary>The checklist it was started from.</summary>
    public string Template { get; init; } = "initial-technical-review";
}

/// <summary>The people of the demo. They are names in fields, nobody can sign in as them.</summary>
internal static class DemoPeople
{
    public static readonly Actor Ana = Person("ana.silva@example.com", Role.Engineer);
    public static readonly Actor Li = Person("li.wei@example.com", Role.Engineer);
    public static readonly Actor Tom = Person("tom.becker@example.com", Role.Operator);

    /// <summary>The team that answers first, made when nobody has made one of this name.</summary>
    public const string TeamSlug = "operations";

    public static TeamDraft Team { get; } = new("Operations", TeamSlug, [Tom.Name, Ana.Name]);

    private static Actor Person(string mail, Role role) => new(null, mail, role, "demo");
}
