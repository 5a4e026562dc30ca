using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Shell;

/// <summary>The partners of the demo: five companies in five stages. Addresses and people are made up.</summary>
internal static class DemoPartners
{
    /// <summary>All of them, with dates that lie ahead of <paramref name="today"/>. The last one entered stands first in a list by age.</summary>
    public static IReadOnlyList<DemoPartner> All(Uri shop, DateOnly today) =>
        [Postlane(today), Facecheck(today), Kindly(today), DemoPayments.Partner(today), DemoTunes.Partner(shop, today)];

    private static DemoPartner Kindly(DateOnly today) => new(
        new PartnerDraft(
            Name: "Kindly Moderation",
            Slug: "kindly",
            Summary: "Reads chat messages before others do and says whether they are fit to show. Signed last month; their engineers visit in two weeks.",
            Owner: DemoPeople.Tom.Name,
            Tier: "standard",
            Tags: ["chat", "safety"],
            Links: [new("documentation", "https://docs.kindly.example/"), new("status page", "https://status.kindly.example/")],
            Documents: [new("contract", "Moderation order form", "https://docs.example.com/kindly/order", today.AddDays(331)), new("data agreement", "Data processing agreement", null, today.AddDays(331))],
            MailAddress: "kindly@partners.example.com"),
        "contracted",
        new IntegrationDraft(
            Name: "Chat moderation",
            Criticality: "high",
            Environments: [new("sandbox", "https://sandbox.kindly.example/")],
            Impact: new ImpactDraft(
                ["Public chat"], "Messages appear a few seconds late.", "A word list of our own, stricter and less clever.", "Switch the flag moderation-kindly off; the word list takes over.", "Community operations.")))
    {
        Contacts =
        [
            new(new ContactDraft("Tom Becker", "ours", "person", "owner", "+49 30 23125 120", DemoPeople.Tom.Name, "Europe/Berlin", "mon-fri 08:00-16:00", "de, en")),
            new(new ContactDraft("Kindly support", "partner", "desk", "support", "+1 202 555 0143", "support@kindly.example", "America/New_York", "mon-fri 08:00-20:00", "en", "Outside these hours the answering machine pages their duty engineer.")),
            new(new ContactDraft("Maria Gomez", "partner", "person", "solutions engineer", "+1 202 555 0178", "maria@kindly.example", "America/Los_Angeles", "mon-fri 09:00-17:00", "en, es"), AttemptOutcome.WrongNumber),
        ],
        Runbooks = [new(Text: ChatUnmoderated)],
    };

    private static DemoPartner Postlane(DateOnly today) => new(
        new PartnerDraft(
            Name: "Postlane",
            Slug: "postlane",
            Summary: "Sends our receipts and newsletters. Signed up on their web page years ago; we are moving to our own mail servers.",
            Owner: DemoPeople.Ana.Name,
            Tier: "self service",
            Tags: ["mail"],
            Links: [new("console", "https://app.postlane.example/"), new("status page", "https://status.postlane.example/")],
            Documents: [new("other", "Plan “Growth”, yearly", null, today.AddDays(96))],
            MailAddress: "postlane@partners.example.com"),
        "retiring",
        new IntegrationDraft(
            Name: "Receipts and newsletters",
            Criticality: "medium",
            Environments: [new("production", "https://api.postlane.example/")],
            Impact: new ImpactDraft(
                ["Receipts", "Newsletter"], "Receipts arrive late.", "Mails wait in our own queue for three days.", "Pause the queue mail-out.", "Anybody on call.")));

    private static DemoPartner Facecheck(DateOnly today) => new(
        new PartnerDraft(
            Name: "Facecheck",
            Slug: "facecheck",
            Summary: "Checks the identity of people who sell on our platform. Under technical review: nothing is signed before both sides' engineers agree.",
            Owner: DemoPeople.Li.Name,
            Tier: "standard",
            Tags: ["identity", "compliance"],
            Links: [new("documentation", "https://docs.facecheck.example/")],
            Documents: [new("other", "Mutual non-disclosure agreement", null, today.AddDays(300))],
            MailAddress: "facecheck@partners.example.com"),
        "prospect",
        new IntegrationDraft(Name: "Identity check", Criticality: "medium", Environments: [new("sandbox", "https://sandbox.facecheck.example/")], Impact: new ImpactDraft(["Become a seller"])))
    {
        Contacts =
        [
            new(new ContactDraft("Li Wei", "ours", "person", "reviews them", "+49 30 23125 112", DemoPeople.Li.Name, "Europe/Berlin", "mon-fri 10:00-19:00", "en, zh")),
            new(new ContactDraft("Ingrid Halvorsen", "partner", "person", "lead engineer", null, "ingrid@facecheck.example", "Europe/Oslo", "mon-fri 08:00-16:00", "no, en")),
        ],
        Moves = [Stage.InReview],
        Reviews = [new(DemoPeople.Li, null, FacecheckSoFar)],
    };

    // About two fifths are answered, and two of the answers would end it.
    private static Dictionary<string, AnswerDraft> FacecheckSoFar => new()
    {
        ["journeys-covered"] = new("passed", null, "Sign-up of sellers needs three operations, all documented."),
        ["engineers-walked-through"] = new("passed", null, "Ninety minutes with Ingrid; the time-out case was new to her, too."),
        ["way-of-working-accepted"] = new("failed", null, "More than 50 test calls an hour count as abuse and lock the account. Their lead asks for an exception."),
        ["countries-and-currencies"] = new("warning", null, "Passports of 41 of our 44 countries; Iceland, Malta and Cyprus follow in spring."),
        ["comparable-customer"] = new("passed", null, "A marketplace of twice our size; we spoke to its engineer."),
        ["our-peak"] = new("passed", "4", "On Monday mornings."),
        ["capacity-proved"] = new("passed", null, "A load test of 40 calls a second for an hour.", ["https://docs.example.com/facecheck/capacity-proved"]),
        ["latency-agreed"] = new("warning", null, "A check takes 3 s or, with a person in the loop, 20 minutes; no agreement on how often."),
        ["latency-fits-our-budget"] = new("passed", null, "Sellers are told by mail, nobody waits."),
        ["availability-agreed"] = new("passed", null, "99.5 % a month."),
        ["traffic-shape"] = new("passed", null, "Yes; seen on the call."),
        ["rate-limits-written"] = new("passed", null, "10 calls a second.", ["https://docs.example.com/facecheck/rate-limits-written"]),
        ["limit-reply"] = new("warning", null, "403 instead of 429; our client needs a special case."),
        ["limit-raise"] = new("passed", null, "Within a working day."),
        ["sandbox-exists"] = new("passed", null, "Yes; seen on the call."),
        ["test-accounts"] = new("passed", null, "Twelve test identities, one for each outcome."),
        ["test-purchases"] = new("not applicable", null, "Nothing is bought; a check of a test identity is free."),
        ["fake-allowed"] = new("passed", null, "Agreed on the call.", ["https://docs.example.com/facecheck/fake-allowed"]),
        ["contract-document"] = new("passed", null, "OpenAPI 3.1, in their repository, with a change log.", ["https://docs.example.com/facecheck/contract-document"]),
        ["idempotency"] = new("passed", null, "Yes; seen on the call."),
        ["standard-method"] = new("passed", null, "OAuth 2 client credentials."),
        ["keys-per-environment"] = new("passed", null, "Yes; seen on the call."),
        ["metrics-exposed"] = new("failed", null, "A PDF every month. Their lead was surprised by the question and will come back to us."),
        ["call-out-of-hours"] = new("warning", null, "Weekdays only; weekends cost extra."),
    };

    private const string ChatUnmoderated = """
        # Chat is not moderated

        - [ ] Look at the queue “waiting for moderation”: above 500 messages users notice
        - [ ] Switch the flag `moderation-kindly` off: our word list takes over
        - [ ] Tell community operations in their channel; they watch the large rooms by hand
        - [ ] Write to the desk of Kindly; outside their working hours call the duty phone
        - [ ] When they are back: flag on, let the queue run empty, read the messages that the word list stopped
        """;
}
