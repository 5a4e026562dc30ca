using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class RuleBurnRateTests
{
    [Fact]
    public void A_target_gives_the_three_rules_of_the_workbook()
    {
        var rules = RuleBurnRate.Make(new BurnRateDraft("requests_total{code=~\"5..\"}", "requests_total", 99.9));
        Assert.Equal(["critical", "critical", "warning"], rules.Select(r => r.Severity));
        Assert.Equal(["availability-burns-fast", "availability-burns-steadily", "availability-burns-slowly"], rules.Select(r => r.Slug));
        Assert.Equal(
            "sum(rate(requests_total{code=~\"5..\"}[1h])) / sum(rate(requests_total[1h])) > 0.0144\nand\n" +
            "sum(rate(requests_total{code=~\"5..\"}[5m])) / sum(rate(requests_total[5m])) > 0.0144", rules[0].Expression);
        Assert.Contains("[6h]", rules[1].Expression, StringComparison.Ordinal);
        Assert.Contains("> 0.006", rules[1].Expression, StringComparison.Ordinal);
        Assert.Contains("[3d]", rules[2].Expression, StringComparison.Ordinal);
        Assert.Contains("> 0.001", rules[2].Expression, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("errors", "requests_total) or vector(1", "requests_total", 99.9)]
    [InlineData("errors", "", "requests_total", 99.9)]
    [InlineData("total", "errors_total", "rate(requests_total[5m])", 99.9)]
    [InlineData("target", "errors_total", "requests_total", 100)]
    [InlineData("target", "errors_total", "requests_total", 0.999)]
    public void What_is_no_series_or_no_target_is_refused(string field, string errors, string total, double target) =>
        Assert.Equal([field], Assert.Throws<FieldsRefused>(() => RuleBurnRate.Make(new BurnRateDraft(errors, total, target))).Errors.Keys);
}
