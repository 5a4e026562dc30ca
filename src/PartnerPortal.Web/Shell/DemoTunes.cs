using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Shell;

/// <summary>The music shop: live, and the only partner of the demo that really runs.</summary>
internal static class DemoTunes
{
    public static DemoPartner Partner(Uri shop, DateOnly today) => new(
        new PartnerDraft(
            Name: "Tunes",
            Slug: "tunes",
            Summary: "The music shop behind our player: catalogue search, purchases and refunds. This one really runs beside the demo and can be broken from the home page.",
            Owner: DemoPeople.Ana.Name,
            Deputy: DemoPeople.Li.Name,
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
        "prospect",
        new IntegrationDraft(
            Name: "Catalogue and purchases",
            Criticality: "critical",
            Environments: [new("sandbox", shop.ToString()), new("production", "https://api.tunes.example/")],
            Impact: new ImpactDraft(
                ["Search music", "Buy a song", "Gift a song"],
                "“The music shop is closed for a moment” in the player; songs already bought keep playing.",
                "Search answers from a catalogue that is a day old; purchases wait for up to an hour.",
                "Switch off the flag music-shop in the feature console; the shop disappears from the player within a minute.",
                "Whoever is on call, without asking.")))
    {
        Moves = [Stage.InReview, Stage.Contracted, Stage.Integrating, Stage.Live],
        Contacts =
        [
            new(new ContactDraft("Ana Silva", "ours", "person", "owner", "+49 30 23125 111", DemoPeople.Ana.Name, "Europe/Berlin", "mon-fri 09:00-18:00", "en, pt, de"), AttemptOutcome.Reached),
            new(new ContactDraft("Li Wei", "ours", "person", "deputy", "+49 30 23125 112", DemoPeople.Li.Name, "Europe/Berlin", "mon-fri 10:00-19:00", "en, zh")),
            DemoContact.OurDesk,
            new(new ContactDraft("Tunes operations desk", "partner", "desk", "on call", "+46 8 465 004 10", "noc@tunes.example", "Europe/Stockholm", "24/7", "sv, en", "They ask for our customer number: 4711."), AttemptOutcome.Reached),
            new(new ContactDraft("Åsa Lindqvist", "partner", "person", "lead engineer", "+46 8 465 004 21", "asa@tunes.example", "Europe/Stockholm", "mon-fri 08:30-17:00", "sv, en", "Built the purchase API."), AttemptOutcome.Reached),
            new(new ContactDraft("Jonas Ek", "partner", "person", "account manager", "+46 8 465 004 35", "jonas@tunes.example", "Europe/Stockholm", "mon-thu 09:00-17:00", "sv, en"), AttemptOutcome.Voicemail),
        ],
        Reviews =
        [
            new(DemoPeople.Ana, Seen, Answers, new DecisionDraft("go", DemoPeople.Ana.Name, Reason: "Every blocker is resolved, and their engineers answered within a day each time.")),
            new(DemoPeople.Li, Seen, Ready, new DecisionDraft("go", DemoPeople.Li.Name, Reason: "Rehearsed with their desk on a Tuesday night; the switch works.")) { Template = "production-readiness" },
        ],
        Runbooks = [new(Text: ShopFails), new(Text: Refunds)],
        Policy = new PolicyDraft("Music shop", "music-shop",
        [
            new("0s", [new(Team: DemoPeople.TeamSlug)]),
            new("10m", [new(Person: DemoPeople.Ana.Name), new(Contact: "tunes/tunes-operations-desk")]),
            new("20m", [new(Role: "manager")]),
        ], 1),
        Sources =
        [
            new SourceDraft("shop", new Uri(shop, "/metrics").ToString(), "partner", "5s", "4s"),
            new SourceDraft("our player", new Uri(shop, "/our-side/metrics").ToString(), "ours", "5s", "4s"),
        ],
        Charts =
        [
            new ChartDraft("Purchases a second: both sides", [new("music_purchase_attempts_total"), new("tunes_purchases_total")], BothSides: true),
            new ChartDraft("Purchases a second, by result", [new("music_purchase_attempts_total")]),
            new ChartDraft("Time to buy, 95 % are faster", [new("music_request_duration_seconds", Buying), new("tunes_request_duration_seconds", Buying)]),
            new ChartDraft("Their queues", [new("tunes_queue_depth")]),
        ],
        Pairs = [new("Purchases", "music_purchase_attempts_total", "tunes_purchases_total")],
        Rules = Watching,
    };

    private static IReadOnlyList<RuleDraft> Watching =>
    [
        new("Purchases fail", Expression: "100 * sum(rate(music_purchase_attempts_total{result=~\"error|timeout|unreachable\"}[30s])) / sum(rate(music_purchase_attempts_total[30s])) > 5",
            For: "10s", KeepFiringFor: "1m", Severity: "critical", Summary: "{{ $value }} % of our purchases fail", Runbook: "the-music-shop-fails"),
        new("Buying is slow", Expression: "histogram_quantile(0.95, sum by (le) (rate(music_request_duration_seconds_bucket{operation=\"createPurchase\"}[1m]))) > 0.8",
            For: "30s", Summary: "95 % are faster than {{ $value }} s; 0.4 s were agreed", Runbook: "the-music-shop-fails"),
        new("Their metrics are away", Expression: "up{side=\"partner\"} == 0", For: "15s", Severity: "info", Summary: "{{ $labels.source }} does not answer"),
    ];

    private static Dictionary<string, string> Buying => new() { ["operation"] = "createPurchase" };

    private static AnswerDraft Seen { get; } = new("passed", null, "Seen together, with their engineers.", ["https://docs.example.com/tunes/review"]);

    private static Dictionary<string, AnswerDraft> Ready => new()
    {
        ["availability-promised"] = Seen with { Value = "99.9" },
    };

    private static Dictionary<string, AnswerDraft> Answers => new()
    {
        ["peak-allowed"] = Seen with { Value = "300" },
        ["latency-needed"] = Seen with { Value = "500" },
        ["latency-promised"] = Seen with { Value = "400" },
        ["availability-needed"] = Seen with { Value = "99.9" },
        ["availability-promised"] = Seen with { Value = "99.9" },
        ["error-rate-needed"] = Seen with { Value = "1" },
        ["error-rate-promised"] = Seen with { Value = "0.5" },
        ["first-answer-needed"] = Seen with { Value = "15" },
        ["first-answer-promised"] = Seen with { Value = "15" },
        ["our-peak"] = new("passed", "120", "Friday evenings. Twice that on the day of a big release, announced a week before."),
        ["engineers-walked-through"] = new("passed", null, "Two sessions with Åsa and Jonas; buy, decline and time-out were read line by line."),
        ["comparable-customer"] = new("warning", null, "We are the largest. A load test at three times our peak stands in for the reference."),
        ["latency-agreed"] = new("passed", null, "Search 200 ms, purchase 400 ms at the 99th percentile, measured at their edge."),
        ["availability-agreed"] = new("passed", null, "99.9 % a month for purchases, 99.5 % for search."),
        ["quotas-and-cost"] = new("warning", null, "No cost per call, but the yearly quota of previews is not written down yet."),
        ["sandbox-same-as-production"] = new("warning", null, "The sandbox is released on Mondays, a day before production."),
        ["metrics-exposed"] = new("passed", null, "Prometheus text and OpenMetrics, for our account alone."),
        ["metrics-survive"] = new("passed", null, "They run beside the API, behind another gateway."),
        ["fraud-rules"] = new("not applicable", null, "Fraud is checked by the payments provider before a purchase reaches them."),
        ["data-back"] = new("warning", null, "Purchases yes; play counts only as a monthly file."),
    };

    private const string ShopFails = """
        # The music shop fails

        Purchases or searches fail for more than five minutes. Users read “The music shop is closed for a moment”.

        ## Find out whose fault it is
        - [ ] Compare both charts on the Operations tab: purchases that we attempt and calls that they receive
        - [ ] Look at their status page; it is often five minutes late
        - [ ] Look for a release of ours in the last hour

        | ours | theirs | it is probably |
        |---|---|---|
        | errors | errors | them |
        | unreachable | fewer calls, no errors | the network |
        | errors | as always | us |

        ## If it is them
        - [ ] Call their desk: they ask for our customer number, **4711**
        - [ ] Ask for the number of their incident and for the next news
        - [ ] Switch the search to yesterday's catalogue: flag `music-search-cached` on
        - [ ] If purchases fail for more than 20 minutes: flag `music-shop` off

        ## If it is the network
        - [ ] Ask our network team to compare the two providers; the second one is switched on with `route-tunes backup`
        - [ ] Tell the desk of Tunes which of our addresses are affected

        ## If it is us
        - [ ] Roll back the last release of the shop
        - [ ] Check when their API key expires: Overview, Documents

        ## Afterwards
        - [ ] Switch both flags back, one after the other, five minutes apart
        - [ ] Compare the purchases of both sides for the time of the failure; refund what was paid twice
        """;

    private const string Refunds = """
        # Refund purchases that were paid twice

        After a time-out a purchase may have happened although we told the user that it did not.

        - [ ] Export our attempts with the result `timeout` for the time in question
        - [ ] Ask for each purchase by its idempotency key; `Idempotent-Replayed: true` means that it had happened
        - [ ] Refund with the reason `paid twice`; a second refund is answered with 409 and does no harm
        - [ ] Write to the users with the template “Your song is on us”
        """;
}
