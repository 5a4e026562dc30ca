using System.Globalization;
using CsCheck;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.UnitTests.Escalation;

/// <summary>Shifts where the clock jumps.</summary>
public sealed class RotationTests
{
    [Theory]
    // Every day at 09:00, winter and summer.
    [InlineData("Europe/Berlin", RotationKind.Daily, 1, "2026-03-27T09:00", 0, "2026-03-27T09:00+01:00 2026-03-28T09:00+01:00 2026-03-29T09:00+02:00")]
    // 02:30 does not exist on the day on which the clock is put forward: the shift begins at 03:00.
    [InlineData("Europe/Berlin", RotationKind.Daily, 1, "2026-03-28T02:30", 0, "2026-03-28T02:30+01:00 2026-03-29T03:00+02:00 2026-03-30T02:30+02:00")]
    // 01:30 exists twice in autumn in New York: the first one counts.
    [InlineData("America/New_York", RotationKind.Daily, 1, "2026-10-31T01:30", 0, "2026-10-31T01:30-04:00 2026-11-01T01:30-04:00 2026-11-02T01:30-05:00")]
    // Hourly shifts over the hour that comes twice last two hours.
    [InlineData("Europe/Berlin", RotationKind.Hourly, 1, "2026-10-25T01:00", 0, "2026-10-25T01:00+02:00 2026-10-25T02:00+02:00 2026-10-25T03:00+01:00")]
    // Over the hour that is missing, one that begins at half past lasts half an hour.
    [InlineData("Europe/Berlin", RotationKind.Hourly, 1, "2026-03-29T01:30", 0, "2026-03-29T01:30+01:00 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00")]
    // Lord Howe moves its clock by half an hour.
    [InlineData("Australia/Lord_Howe", RotationKind.Daily, 1, "2026-10-03T02:15", 0, "2026-10-03T02:15+10:30 2026-10-04T02:30+11:00 2026-10-05T02:15+11:00")]
    [InlineData("Australia/Lord_Howe", RotationKind.Daily, 1, "2026-04-04T01:45", 0, "2026-04-04T01:45+11:00 2026-04-05T01:45+11:00 2026-04-06T01:45+10:30")]
    [InlineData("Europe/Berlin", RotationKind.Weekly, 2, "2026-01-05T09:00", 0, "2026-01-05T09:00+01:00 2026-01-19T09:00+01:00 2026-02-02T09:00+01:00")]
    // The 31st is the last day of a shorter month, and the 31st again afterwards.
    [InlineData("Europe/Berlin", RotationKind.Monthly, 1, "2026-01-31T09:00", 0, "2026-01-31T09:00+01:00 2026-02-28T09:00+01:00 2026-03-31T09:00+02:00 2026-04-30T09:00+02:00 2026-05-31T09:00+02:00")]
    [InlineData("Europe/Berlin", RotationKind.Monthly, 1, "2027-12-29T09:00", 0, "2027-12-29T09:00+01:00 2028-01-29T09:00+01:00 2028-02-29T09:00+01:00")]
    [InlineData("Europe/Berlin", RotationKind.Weekly, 1, "2026-01-05T09:00", -1, "2025-12-29T09:00+01:00 2026-01-05T09:00+01:00")]
    public void Shifts_begin_on_the_wall_clock(string zone, RotationKind kind, int every, string handover, int first, string expected)
    {
        var rotation = new Rotation(kind, every, At(handover), zone);
        var starts = expected.Split(' ');
        Assert.Equal(starts, starts.Select((_, n) => Zone.There(zone, rotation.Start(first + n)).ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Twenty_four_hours_are_a_day()
    {
        var (hours, days) = (new Rotation(RotationKind.Hourly, 24, At("2026-03-01T09:00"), "Europe/Berlin"), new Rotation(RotationKind.Daily, 1, At("2026-03-01T09:00"), "Europe/Berlin"));
        Assert.All(Enumerable.Range(0, 400), n => Assert.Equal(days.Start(n), hours.Start(n)));
    }

    [Fact]
    public void The_shift_of_a_moment_is_the_one_that_has_begun_and_not_ended() => Gen.Select(
        Gen.Int[0, 3], Gen.Int[1, 40], Gen.Int[0, 60 * 24 * 365 * 3], Gen.Int[-60 * 24 * 365 * 40, 60 * 24 * 365 * 40], Gen.OneOf(new[] { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Etc/UTC" }.Select(Gen.Const).ToArray()))
        .Sample((kind, every, handover, moment, zone) =>
        {
            var rotation = new Rotation((RotationKind)kind, every, At("2025-01-31T00:00").AddMinutes(handover), zone);
            var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(moment);
            var number = rotation.NumberAt(at);
            Assert.True(rotation.Start(number) <= at && at < rotation.Start(number + 1));
        }, iter: 2000);

    private static DateTime At(string clock) => DateTime.ParseExact(clock, ScheduleLayer.HandoverFormat, CultureInfo.InvariantCulture);
}
