using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.UnitTests.Runbooks;

public sealed class RunbookMatchTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch.AddYears(56);

    [Fact]
    public void What_an_alert_names_comes_first_then_labels_name_operation_integration_and_the_general_ones()
    {
        var need = new RunbookNeed([Raise(new() { ["alertname"] = "PaymentsFailing", ["operation"] = "buy", ["team"] = "shop" }, "named")], "main");
        var found = RunbookMatch.Find(
        [
            Candidate("general", ""), Candidate("integration", "integration: main"), Candidate("operation", "operations: [refund, buy]"), Candidate("payments-failing", ""),
            Candidate("one-label", "alerts: PaymentsFailing"), Candidate("two-labels", "alerts:\n  - 'alertname=PaymentsFailing, severity=~\"crit.*\"'"), Candidate("named", "integration: other"),
            Candidate("other-alert", "alerts: Nothing"), Candidate("other-integration", "integration: payouts"), Candidate("not-shop", "alerts: 'team!=shop'"), Candidate("broken", "alerts: 'team=~(('"),
        ], need);

        Assert.Equal(
            [
                "named: because the alert “It fails” names it", "two-labels: because alertname is PaymentsFailing and severity fits crit.*", "one-label: because alertname is PaymentsFailing",
                "payments-failing: because it is called like the alert PaymentsFailing", "operation: because the operation is buy", "integration: because it is for the integration main",
                "general: for everything of this partner",
            ],
            found.Select(f => $"{f.Slug}: {f.Reason}"));
    }

    [Fact]
    public void A_known_cause_leaves_out_what_is_for_another_and_an_unknown_one_leaves_out_nothing()
    {
        RunbookCandidate[] all = [Candidate("all", ""), Candidate("ours", "cause: us"), Candidate("theirs", "cause: Them")];
        Assert.Equal(["theirs", "all"], RunbookMatch.Find(all, new([], "main", "them")).Select(f => f.Slug));
        Assert.Equal(["all", "ours", "theirs"], RunbookMatch.Find(all, new([], "main")).Select(f => f.Slug));
    }

    [Theory]
    [InlineData("payments-fail", "payments-fail")]
    [InlineData("https://portal.example.com/partners/tunes/runbooks/payments-fail?x=1#top", "payments-fail")]
    [InlineData("runbooks/TargetDown.md", "targetdown")]
    [InlineData("https://example.com/runbooks/etcd/etcdGRPC/", "etcdgrpc")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_slug_behind_an_annotation(string? named, string? slug) => Assert.Equal(slug, RunbookMatch.SlugIn(named));

    [Fact]
    public void A_map_of_labels_is_a_set_of_conditions() =>
        Assert.Equal(["a=\"x\",b=\"y, z\""], RunbookScope.Read("---\nalerts:\n  - {a: x, b: 'y, z'}\n---\n").Alerts);

    private static RunbookCandidate Candidate(string slug, string front) => new(slug, slug, RunbookScope.Read($"---\n{front}\n---\ntext"));

    private static Alert Raise(Dictionary<string, string> labels, string? runbook) => Alert.Raise(
        new(Guid.NewGuid(), Guid.NewGuid(), "alertmanager", "", "k", "It fails", "", Severity.Critical, labels, null, new Onset(null, At, "test"), runbook), At);
}
