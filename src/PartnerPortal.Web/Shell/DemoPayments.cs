using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Shell;

/// <summary>The payments provider: reviewed with conditions, being built side by side, with a second integration behind it.</summary>
internal static class DemoPayments
{
    public static DemoPartner Partner(DateOnly today) => new(
        new PartnerDraft(
            Name: "Northbank Payments",
            Slug: "northbank",
            Summary: "Card payments and payouts to artists. Payments are being built together with two of their engineers in our office.",
            Owner: DemoPeople.Li.Name,
            Deputy: DemoPeople.Tom.Name,
            Tier: "strategic",
            Tags: ["payments", "payouts", "money"],
            Links: [new("documentation", "https://developers.northbank.example/"), new("status page", "https://status.northbank.example/"), new("ticket portal", "https://support.northbank.example/")],
            Documents:
            [
                new("contract", "Payment services agreement", "https://docs.example.com/northbank/agreement", today.AddDays(540)),
                new("certificate", "Client certificate of the sandbox", null, today.AddDays(34)),
            ],
            MailAddress: "northbank@partners.example.com"),
        "prospect",
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
        Moves = [Stage.InReview, Stage.Contracted, Stage.Integrating],
        Policy = new PolicyDraft("Payments", "payments",
        [
            new("0s", [new(Team: DemoPeople.TeamSlug)]),
            new("5m", [new(Person: DemoPeople.Li.Name), new(Contact: "northbank/northbank-service-desk")]),
            new("15m", [new(Role: "manager")]),
        ], 2),
        Others =
        [
            new IntegrationDraft(Name: "Payouts", Slug: "payouts", Stage: "contracted", Criticality: "high", Impact: new ImpactDraft(
                ["Pay artists"], "Artists see “payout pending”.", "Payouts can wait for two working days.", "Pause the nightly payout job.", "The payments lead.")),
        ],
        Contacts =
        [
            new(new ContactDraft("Li Wei", "ours", "person", "owner", "+49 30 23125 112", DemoPeople.Li.Name, "Europe/Berlin", "mon-fri 10:00-19:00", "en, zh"), AttemptOutcome.Reached),
            DemoContact.OurDesk,
            new(new ContactDraft("Northbank service desk", "partner", "desk", "on call", "+44 20 7946 0300", "incidents@northbank.example", "Europe/London", "24/7", "en", "Have the merchant id NB-20331 ready; press 2 for card payments."), AttemptOutcome.Reached),
            new(new ContactDraft("Priya Raman", "partner", "person", "integration engineer, in our office until Friday", "+44 20 7946 0342", "priya@northbank.example", "Europe/London", "mon-fri 09:00-17:30", "en")),
        ],
        Reviews = [new(DemoPeople.Li, Seen, Answers(), new DecisionDraft(
            "conditional go",
            DemoPeople.Li.Name,
            [
                new("Their metrics count declined payments apart from errors", DemoPeople.Tom.Name, today.AddDays(20)),
                new("An escalation drill was held, at night, without warning", DemoPeople.Li.Name, today.AddDays(30)),
            ],
            "Good engineers and a good sandbox. The two conditions must hold before the first real card."))],
        Runbooks = [new(Text: PaymentsFail)],
    };

    private static AnswerDraft Seen { get; } = new("passed", null, "Seen together, with their engineers.", ["https://docs.example.com/northbank/review"]);

    private static Dictionary<string, AnswerDraft> Answers() => new()
    {
        ["our-peak"] = new("passed", "300", "On the evening of a sale."),
        ["peak-allowed"] = Seen with { Value = "400" },
        ["latency-needed"] = Seen with { Value = "1500" },
        ["latency-promised"] = Seen with { Value = "1200" },
        ["rate-limits-written"] = new("passed", null, "400 calls a second for our account, 429 with Retry-After above it.", ["https://docs.example.com/northbank/rate-limits-written"]),
        ["retry-rules"] = new("warning", null, "Never after a time-out without asking for the outcome first; our client must learn that."),
        ["metrics-content"] = new("failed", null, "Declined and failed payments are one counter. They promise to split it."),
        ["drill"] = new("failed", null, "Not held yet."),
        ["callback-delivery"] = new("warning", null, "Retried for an hour only; we must reconcile every night."),
    };

    private const string PaymentsFail = """
        # Payments fail

        ## First five minutes
        - [ ] Is it one bank or all of them? Chart “declines by bank”
        - [ ] Call the Northbank desk; have the merchant id **NB-20331** ready
        - [ ] Tell support: nothing was charged, people may try again later

        ## Switch to the second provider
        Two people, one of them the payments lead.

        - [ ] `router plan --to second` and read what it says
        - [ ] `router apply --to second --share 10`, wait two minutes, watch declines
        - [ ] `router apply --to second --share 100`

        ## Back again
        - [ ] Only after their “resolved”, ten per cent first
        - [ ] Reconcile the night's payments with both providers
        """;
}
