using System.Globalization;
using CsCheck;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.UnitTests.Contacts;

public sealed class WorkingHoursTests
{
    private const string Berlin = "Europe/Berlin";
    private const string NewYork = "America/New_York";
    private const string LordHowe = "Australia/Lord_Howe";

    [Theory]
    [InlineData("mon-fri 09:00-17:00", "mon-fri 09:00-17:00")]
    [InlineData("Mon–Fri 9-17", "mon-fri 09:00-17:00")]
    [InlineData("24/7", "24/7")]
    [InlineData("mon-thu 9:00-17:00;fri 09:00-15:00", "mon-thu 09:00-17:00, fri 09:00-15:00")]
    [InlineData("mon, wed 08:00-12:00, 13:00-16:00", "mon, wed 08:00-12:00, 13:00-16:00")]
    [InlineData("fri-sat 22:00-06:00", "fri, sat 22:00-06:00")]
    [InlineData("sat-mon 10:00-24:00", "mon, sat, sun 10:00-24:00")]
    [InlineData("daily 00:00-24:00", "mon-sun 00:00-24:00")]
    [InlineData("weekdays 8-16, weekend 10-12", "mon-fri 08:00-16:00, sat, sun 10:00-12:00")]
    [InlineData("09:00-17:00", "mon-sun 09:00-17:00")]
    [InlineData("monday-friday 09:00-17:00", "mon-fri 09:00-17:00")]
    public void Hours_are_read_and_spelled_in_one_way(string typed, string spelled)
    {
        Assert.Equal(spelled, WorkingHours.Parse(typed).Text);
        Assert.Equal(spelled, WorkingHours.Parse(spelled).Text);
    }

    [Theory]
    [InlineData("mon-fri")]
    [InlineData("office hours")]
    [InlineData("mo-fr 09:00-17:00")]
    [InlineData("mon 25:00-26:00")]
    [InlineData("mon 09:60-10:00")]
    [InlineData("mon 24:00-25:00")]
    [InlineData("mon 09:00-09:00")]
    [InlineData("mon-fri 9am-5pm")]
    [InlineData("mon 09:00-17:00, tue")]
    [InlineData(",")]
    public void Hours_that_cannot_be_read_are_refused_with_a_sentence(string typed)
    {
        var refusal = Assert.Throws<FormatException>(() => WorkingHours.Parse(typed));
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-23T07:59:59Z", false)]
    [InlineData("2026-11-23T08:00:00Z", true)]
    [InlineData("2026-11-23T15:59:59Z", true)]
    [InlineData("2026-11-23T16:00:00Z", false)]
    [InlineData("2026-07-20T07:00:00Z", true)]
    [InlineData("2026-07-20T15:00:00Z", false)]
    [InlineData("2026-11-22T10:00:00Z", false)]
    public void Office_hours_follow_the_clock_of_the_zone_in_winter_and_summer(string at, bool atWork) =>
        Assert.Equal(atWork, WorkingHours.Parse("mon-fri 09:00-17:00").At(Time(at), Berlin).AtWork);

    [Fact]
    public void After_work_on_Friday_the_next_time_is_Monday_morning()
    {
        var moment = WorkingHours.Parse("mon-fri 09:00-17:00").At(Time("2026-11-20T17:30:00Z"), Berlin);
        Assert.Equal(new WorkMoment(false, null, Time("2026-11-23T08:00:00Z")), moment);
    }

    [Fact]
    public void The_weekend_of_the_clock_change_moves_Monday_morning()
    {
        // 29 March 2026: Berlin goes from +1 to +2.
        var hours = WorkingHours.Parse("mon-fri 09:00-17:00");
        Assert.Equal(Time("2026-03-30T07:00:00Z"), hours.At(Time("2026-03-27T17:00:00Z"), Berlin).Next);
        // 25 October 2026: back to +1.
        Assert.Equal(Time("2026-10-26T08:00:00Z"), hours.At(Time("2026-10-23T16:00:00Z"), Berlin).Next);
    }

    [Fact]
    public void A_night_shift_lasts_seven_hours_when_the_clock_jumps_and_nine_when_it_falls_back()
    {
        var hours = WorkingHours.Parse("sat 22:00-06:00");
        Assert.Equal(Time("2026-03-29T04:00:00Z"), hours.At(Time("2026-03-28T21:00:00Z"), Berlin).Until);
        Assert.Equal(Time("2026-10-25T05:00:00Z"), hours.At(Time("2026-10-24T20:00:00Z"), Berlin).Until);
        // New York: 8 March (23 hours) and 1 November 2026 (25 hours).
        Assert.Equal(Time("2026-03-08T10:00:00Z"), hours.At(Time("2026-03-08T03:00:00Z"), NewYork).Until);
        Assert.Equal(Time("2026-11-01T11:00:00Z"), hours.At(Time("2026-11-01T02:00:00Z"), NewYork).Until);
    }

    [Fact]
    public void A_shift_that_begins_in_the_hour_that_is_missing_begins_at_the_jump()
    {
        // 02:30 does not exist in Berlin on 29 March 2026; the clock jumps at 01:00 UTC.
        var hours = WorkingHours.Parse("sun 02:30-05:00");
        Assert.False(hours.At(Time("2026-03-29T00:59:59Z"), Berlin).AtWork);
        Assert.True(hours.At(Time("2026-03-29T01:00:00Z"), Berlin).AtWork);
        Assert.Equal(Time("2026-03-29T03:00:00Z"), hours.At(Time("2026-03-29T01:00:00Z"), Berlin).Until);
    }

    [Fact]
    public void A_shift_within_the_missing_hour_does_not_happen_that_day()
    {
        var hours = WorkingHours.Parse("sun 02:10-02:50");
        Assert.Equal(Time("2026-04-05T00:10:00Z"), hours.At(Time("2026-03-28T12:00:00Z"), Berlin).Next);
    }

    [Fact]
    public void A_shift_that_ends_in_the_doubled_hour_ends_the_first_time()
    {
        // 01:30 happens twice in New York on 1 November 2026: at 05:30 and 06:30 UTC.
        var hours = WorkingHours.Parse("sat 20:00-01:30");
        Assert.Equal(Time("2026-11-01T05:30:00Z"), hours.At(Time("2026-11-01T01:00:00Z"), NewYork).Until);
        Assert.False(hours.At(Time("2026-11-01T06:00:00Z"), NewYork).AtWork);
    }

    [Fact]
    public void Lord_Howe_changes_its_clock_by_half_an_hour()
    {
        // +10:30 in winter, +11 in summer; 4 October 2026 at 02:00 the clock jumps to 02:30.
        var hours = WorkingHours.Parse("mon-fri 09:00-17:00");
        Assert.Equal(Time("2026-10-01T22:30:00Z"), hours.At(Time("2026-10-01T12:00:00Z"), LordHowe).Next);
        Assert.Equal(Time("2026-10-04T22:00:00Z"), hours.At(Time("2026-10-03T12:00:00Z"), LordHowe).Next);
        Assert.Equal(Time("2026-10-03T19:00:00Z"), WorkingHours.Parse("sat 22:00-06:00").At(Time("2026-10-03T12:00:00Z"), LordHowe).Until);
    }

    [Fact]
    public void Ranges_that_touch_are_one_stretch_of_work_also_over_midnight()
    {
        var hours = WorkingHours.Parse("mon 09:00-24:00, tue 00:00-12:00, 12:00-18:00");
        Assert.Equal(Time("2026-11-24T17:00:00Z"), hours.At(Time("2026-11-23T20:00:00Z"), Berlin).Until);
    }

    [Fact]
    public void Somebody_who_never_goes_has_no_end()
    {
        Assert.Equal(new WorkMoment(true, null, null), WorkingHours.Always.At(Time("2026-11-23T20:00:00Z"), Berlin));
        Assert.Equal(new WorkMoment(true, null, null), WorkingHours.Parse("daily 00:00-24:00").At(Time("2026-11-23T20:00:00Z"), Berlin));
    }

    [Fact]
    public void At_the_promised_moment_of_change_it_changes() =>
        Gen.Select(
            Gen.OneOf(Gen.Const("mon-fri 09:00-17:00"), Gen.Const("sat 22:00-06:00"), Gen.Const("mon, wed 01:15-02:15, sun 02:00-03:00"), Gen.Const("sun 00:00-24:00"), Gen.Const("daily 23:00-02:30")),
            Gen.OneOf(Gen.Const(Berlin), Gen.Const(NewYork), Gen.Const(LordHowe), Gen.Const("Asia/Kathmandu"), Gen.Const("UTC")),
            Gen.Long[Time("2026-01-01T00:00:00Z").ToUnixTimeSeconds(), Time("2027-01-01T00:00:00Z").ToUnixTimeSeconds()])
        .Sample((text, zone, seconds) =>
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
            var hours = WorkingHours.Parse(text);
            var moment = hours.At(at, zone);
            var change = (moment.AtWork ? moment.Until : moment.Next)!.Value;
            return change > at
                && hours.At(change, zone).AtWork != moment.AtWork
                && hours.At(change.AddSeconds(-1), zone).AtWork == moment.AtWork;
        });

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
