using PartnerPortal.Domain.Metrics;

namespace PartnerPortal.UnitTests.Metrics;

public sealed class RetentionTests
{
    [Fact]
    public void Without_settings_samples_are_kept_for_35_days_and_rollups_for_400_days_and_five_years() =>
        Assert.Equal((35, 400, 1825), Days(Retention.Read(null, "", null)));

    [Fact]
    public void A_longer_time_for_samples_stretches_the_rollups_with_it() =>
        Assert.Equal((500, 500, 1825), Days(Retention.Read("500d", null, null)));

    [Theory]
    [InlineData("1d", null, null, "Portal__Metrics__Retention__Raw must be at least 2d")]
    [InlineData("soon", null, null, "Portal__Metrics__Retention__Raw is not a duration: soon")]
    [InlineData("40d", "30d", null, "Portal__Metrics__Retention__FiveMinutes must not be shorter than Portal__Metrics__Retention__Raw")]
    [InlineData(null, "2y", "1y", "Portal__Metrics__Retention__Hours must not be shorter")]
    public void What_cannot_be_is_refused_with_the_name_of_the_setting(string? raw, string? fiveMinutes, string? hours, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<FormatException>(() => Retention.Read(raw, fiveMinutes, hours)).Message, StringComparison.Ordinal);

    private static (double, double, double) Days(Retention kept) => (kept.Raw.TotalDays, kept.FiveMinutes.TotalDays, kept.Hours.TotalDays);
}
