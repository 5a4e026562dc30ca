using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class PartnerLetterTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 2, 2, 51, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Payments fail, request id 8f3a-11.", "8f3a-11")]
    [InlineData("X-Request-Id: a81f, b72c and c63d; more later", "a81f b72c c63d")]
    [InlineData("correlationId=\"0af7651916cd43dd\" trace_id: 4bf92f3577b34da6", "0af7651916cd43dd 4bf92f3577b34da6")]
    [InlineData("charge failed (req_9fk2LmQ8)", "req_9fk2LmQ8")]
    [InlineData("request ids are unknown so far", "")]
    [InlineData("request id unknown 12345", "")]
    [InlineData("12345 requests failed", "")]
    [InlineData("", "")]
    public void Ids_are_found_where_a_text_names_them(string text, string expected) => Assert.Equal(expected, string.Join(' ', RequestIds.InText(text)));

    [Theory]
    [InlineData("request_id", true)]
    [InlineData("X-Request-Id", true)]
    [InlineData("correlationId", true)]
    [InlineData("trace_id", true)]
    [InlineData("customer_id", false)]
    [InlineData("request", false)]
    public void Labels_that_hold_ids_are_known_by_their_names(string name, bool isOne) => Assert.Equal(isOne, RequestIds.IsName(name));

    [Fact]
    public void A_sample_of_ids_of_labels_summaries_and_notes_each_once()
    {
        Alert[] alerts = [Raise(new() { ["request_id"] = "r-1", ["job"] = "shop-9" }, "3 failed, trace id t-2"), Raise(new() { ["request_id"] = "r-1" }, "")];
        Assert.Equal(["r-1", "t-2", "n-3"], RequestIds.In(alerts, ["Support sent request id n-3", "No id"]));
        Assert.Equal(RequestIds.Most, RequestIds.In([], Enumerable.Range(100, 40).Select(n => $"request id r{n}")).Count);
    }

    [Fact]
    public void A_hostile_text_is_read_in_no_time()
    {
        var text = string.Concat(Enumerable.Repeat("request id 1", 5_000)) + new string('1', 5_000);
        Assert.True(RequestIds.InText(text).Count() < 5_001);
    }

    [Fact]
    public void The_letter_says_since_when_what_we_measure_which_requests_and_where_we_meet()
    {
        var incident = Open();
        incident.Change(new(Bridge: "https://meet.example.com/1"), "ana@example.com");
        var letter = PartnerLetter.About(incident, "ok 39 % (agreed 99.9)", ["r-1", "t-2"]);
        Assert.Equal($"{incident.Label}: Calls fail", letter.Subject);
        Assert.Equal(
            $"Hello,\n\nwe see a problem: Calls fail.\nStarted: {incident.Onset.Said} UTC, 2 March 2026.\nOur figures: ok 39 % (agreed 99.9)\nRequest ids: r-1, t-2\n"
            + $"Bridge: https://meet.example.com/1\nOur number: {incident.Label}\n\nPlease tell us your ticket number and what you see.\n", letter.Text);

        incident.Change(new(TheirTicket: "CS-77"), "ana@example.com");
        Assert.Contains("Your ticket: CS-77\n", PartnerLetter.About(incident, "", []).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("figures", PartnerLetter.About(incident, "", []).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_link_keeps_addresses_and_lines()
    {
        var link = new PartnerLetter("A & B", "one\ntwo?").LinkTo(["desk@partner.example", "a+b@partner.example"]);
        Assert.Equal("mailto:desk@partner.example,a%2Bb@partner.example?subject=A%20%26%20B&body=one%0D%0Atwo%3F", link);
    }

    private static Incident Open() => Incident.Open(
        new(Guid.NewGuid(), Guid.NewGuid(), "g", "Calls fail", "", Severity.Critical, Urgency.Page, new Onset(T0.AddMinutes(-1), T0, "rule"), "ana@example.com"), T0);

    private static Alert Raise(Dictionary<string, string> labels, string summary) => Alert.Raise(
        new(Guid.NewGuid(), Guid.NewGuid(), "generic", "", "k", "Down", summary, Severity.Critical, labels, null, new Onset(null, T0, "said"), null, null, null, null, "g", null), T0);
}
