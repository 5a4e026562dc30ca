using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;

namespace PartnerPortal.Web.Shell;

/// <summary>The partners of the demo: five companies in five stages. Addresses and people are made up.</summary>
internal static class DemoPartners
{
    private const string Ana = "ana.silva@example.com";
    private const string Li = "li.wei@example.com";
    private const string Tom = "tom.becker@example.com";

    /// <summary>All of them, with dates that lie ahead of <paramref name="today"/>.</summary>
    public static IReadOnlyList<DemoPartner> All(Uri shop, DateOnly today) =>
        [Tunes(shop, today), Northbank(today), Kindly(today), Postlane(today), Facecheck(today)];

    private static DemoPartner Tunes(Uri shop, DateOnly today) => new(
        new PartnerDraft(
            Name: "Tunes",
            Slug: "tunes",
            Summary: "The music shop behind our player: catalogue search, purchases and refunds. This one really runs beside the demo and can be broken from the home page.",
            Owner: Ana,
            Deputy: Li,
            Tier: "strategic",
            Tags: ["music", "purchases", "catalogue"],
            Links:
            [
                new("API description", new Uri(shop, "/openapi.json").ToString()),
                new("status page", new Uri(shop, "/api/v2/summary.json").ToString()),
                new("metrics", new Uri(shop, "/metrics").ToString()),
            ],
            Documents:
            [
                new("contract", "Catalogue and purchases agreement", "https://docs.example.com/tunes/agreement", today.AddDays(61)),
                new("data agreement", "Data processing agreement", "https://docs.example.com/tunes/dpa", today.AddDays(410)),
                new("certificate", "API key of production", null, today.AddDays(9)),
            ],
            MailAddress: "tunes@partners.example.com"),
        "live",
        new IntegrationDraft(
            Name: "Catalogue and purchases",
            Criticality: "critical",
            Environments: [new("sandbox", shop.ToString()), new("production", "https://api.tunes.example/")],
            Impact: new ImpactDraft(
                ["Search music", "Buy a song", "Gift a song"],
                "“The music shop is closed for a moment” in the player; songs already bought keep playing.",
                "Search answers from a catalogue that is a day old; purchases wait for up to an hour.",
                "Switch off the flag music-shop in the feature console; the shop disappears from the player within a minute.",
                "Whoever is on call, without asking.")));

    private static DemoPartner Northbank(DateOnly today) => new(
        new PartnerDraft(
            Name: "Northbank Payments",
            Slug: "northbank",
            Summary: "Card payments and payouts to artists. Payments are being built together with two of their engineers in our office.",
            Owner: Li,
            Deputy: Tom,
            Tier: "strategic",
            Tags: ["payments", "payouts", "money"],
            Links: [new("documentation", "https://developers.northbank.example/"), new("status page", "https://status.northbank.example/"), new("ticket portal", "https://support.northbank.example/")],
            Documents:
            [
                new("contract", "Payment services agreement", "https://docs.example.com/northbank/agreement", today.AddDays(540)),
                new("certificate", "Client certificate of the sandbox", null, today.AddDays(34)),
            ],
            MailAddress: "northbank@partners.example.com"),
        "integrating",
        new IntegrationDraft(
            Name: "Payments",
            Criticality: "critical",
            Environments: [new("sandbox", "https://sandbox.northbank.example/v2/"), new("production", "https://api.northbank.example/v2/")],
            Impact: new ImpactDraft(
                ["Top up the wallet", "Subscribe"],
                "“We could not reach your bank. Nothing was charged.”",
                "The second card processor takes over once the router is switched.",
                "Switch the payment router to its second provider; the steps stand in the runbook.",
                "The payments lead, or the incident lead with a second person.")))
    {
        Others =
        [
            new IntegrationDraft(Name: "Payouts", Slug: "payouts", Stage: "contracted", Criticality: "high", Impact: new ImpactDraft(
                ["Pay artists"], "Artists see “payout pending”.", "Payouts can wait for two working days.", "Pause the nightly payout job.", "The payments lead.")),
        ],
    };

    private static DemoPartner Kindly(DateOnly today) => new(
        new PartnerDraft(
            Name: "Kindly Moderation",
            Slug: "kindly",
            Summary: "Reads chat messages before others do and says whether they are fit to show. Signed last month; their engineers visit in two weeks.",
            Owner: Tom,
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
                ["Public chat"], "Messages appear a few seconds late.", "A word list of our own, stricter and less clever.", "Switch the flag moderation-kindly off; the word list takes over.", "Community operations.")));

    private static DemoPartner Postlane(DateOnly today) => new(
        new PartnerDraft(
            Name: "Postlane",
            Slug: "postlane",
            Summary: "Sends our receipts and newsletters. Signed up on their web page years ago; we are moving to our own mail servers.",
            Owner: Ana,
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
            Owner: Li,
            Tier: "standard",
            Tags: ["identity", "compliance"],
            Links: [new("documentation", "https://docs.facecheck.example/")],
            Documents: [new("other", "Mutual non-disclosure agreement", null, today.AddDays(300))],
            MailAddress: "facecheck@partners.example.com"),
        "in review",
        new IntegrationDraft(Name: "Identity check", Criticality: "medium", Environments: [new("sandbox", "https://sandbox.facecheck.example/")], Impact: new ImpactDraft(["Become a seller"])));
}
