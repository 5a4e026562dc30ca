using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.UnitTests.Escalation;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero); // Monday, 10:00 in Berlin

    [Fact]
    public void People_take_turns_and_the_end_of_the_shift_is_known()
    {
        var times = new OnCallTimes(Ops());
        Assert.Equal("ana@example.com until 2026-03-09 08:00", Said(times.Now(T0)));
        Assert.Equal("li@example.com until 2026-03-16 08:00", Said(times.Now(T0.AddDays(7))));
        // After the clock was put forward 09:00 is an hour earlier in UTC.
        Assert.Equal("li@example.com until 2026-03-30 07:00", Said(times.Now(new(2026, 3, 29, 1, 30, 0, TimeSpan.Zero))));
        Assert.Empty(times.At(new(2025, 12, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Layers_are_on_call_together_the_first_one_first_and_hours_limit_them()
    {
        var schedule = Schedule.Enter(new("Ops", TimeZone: "Europe/Berlin", Layers:
        [
            new("weekly", 1, "2026-01-05T09:00", ["ana@example.com", "li@example.com"], "mon-fri 09:00-17:00"),
            new("daily", 1, "2026-01-05T00:00", ["bo@example.com"]),
        ]), T0);
        var times = new OnCallTimes(schedule);
        Assert.Equal(["ana@example.com", "bo@example.com"], times.At(T0));
        Assert.Equal(["bo@example.com"], times.At(T0.AddHours(8)));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 16, 0, 0, TimeSpan.Zero), times.Now(T0).Until);
    }

    [Fact]
    public void Gaps_are_found_ninety_days_ahead()
    {
        var schedule = Schedule.Enter(new("Ops", TimeZone: "Europe/Berlin", Layers: [new("daily", 1, "2026-01-05T09:00", ["ana@example.com", "", "li@example.com"])]), T0);
        var gaps = new OnCallTimes(schedule).Gaps(T0);
        Assert.Equal(30, gaps.Count);
        Assert.All(gaps.Skip(1).SkipLast(1), g => Assert.InRange((g.To - g.From).TotalHours, 23, 25));
        Assert.Empty(new OnCallTimes(Ops()).Gaps(T0));
    }

    [Fact]
    public void Holidays_have_people_of_their_own_or_nobody()
    {
        var schedule = Ops();
        schedule.Change(new(Holidays: [new(new(2026, 3, 3), "Day off"), new(new(2026, 3, 4), "Reduced", ["bo@example.com"])]));
        var times = new OnCallTimes(schedule);
        Assert.Empty(times.At(new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero)));
        Assert.Equal(["bo@example.com"], times.At(new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero)));
        Assert.Equal(["ana@example.com"], times.At(new(2026, 3, 4, 23, 30, 0, TimeSpan.Zero)));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 23, 0, 0, TimeSpan.Zero), times.Now(T0).Until);
    }

    [Fact]
    public void Overrides_replace_remove_and_add_and_only_wins_over_all()
    {
        var schedule = Ops();
        schedule.Override(new("replace", T0.AddHours(1), T0.AddHours(2), "ana@example.com", "eva@example.com"), "eva@example.com", T0);
        schedule.Override(new("remove", T0.AddHours(2), T0.AddHours(3), "ana@example.com"), "x@example.com", T0);
        schedule.Override(new("add", T0.AddHours(3), T0.AddHours(4), In: "bo@example.com"), "x@example.com", T0);
        schedule.Override(new("only", T0.AddHours(3.5), T0.AddHours(4.5), People: ["tom@example.com"]), "x@example.com", T0);
        var times = new OnCallTimes(schedule);
        Assert.Equal(
            ["ana@example.com", "eva@example.com", "", "ana@example.com,bo@example.com", "tom@example.com", "ana@example.com"],
            times.Between(T0, T0.AddHours(6)).Select(s => string.Join(',', s.People)));
    }

    [Fact]
    public void Two_overrides_about_one_person_at_one_time_are_refused()
    {
        var schedule = Ops();
        var first = schedule.Override(new("replace", T0.AddHours(1), T0.AddHours(3), "ana@example.com", "eva@example.com"), "eva@example.com", T0);
        Assert.StartsWith("An override of eva@example.com speaks about eva@example.com from 2 Mar 10:00", Assert.Throws<RuleBroken>(
            () => schedule.Override(new("add", T0.AddHours(2), T0.AddHours(4), In: "eva@example.com"), "x@example.com", T0)).Message, StringComparison.Ordinal);
        schedule.Override(new("add", T0.AddHours(2), T0.AddHours(4), In: "bo@example.com"), "x@example.com", T0);
        schedule.Override(new("add", T0.AddHours(3), T0.AddHours(4), In: "eva@example.com"), "x@example.com", T0);
        schedule.Withdraw(first.Id);
        Assert.Throws<NotThere>(() => schedule.Withdraw(first.Id));
    }

    [Fact]
    public void Bad_fields_get_sentences()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Schedule.Enter(new("Ops", TimeZone: "Europe/Atlantis", Layers: [new("sometimes", 0, "tomorrow", ["nobody"], "now and then")]), T0));
        Assert.Equal(["layers[0].every", "layers[0].handover", "layers[0].hours", "layers[0].people[0]", "layers[0].rotation", "timeZone"], refused.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["layers"], Assert.Throws<FieldsRefused>(() => Schedule.Enter(new("Ops"), T0)).Errors.Keys);
        var bad = Assert.Throws<FieldsRefused>(() => Ops().Override(new("replace", T0.AddHours(3), T0.AddHours(1), "ana@example.com", "ana@example.com"), "x", T0));
        Assert.Equal(["in", "to"], bad.Errors.Keys.Order());
        var absent = Assert.Throws<FieldsRefused>(() => Ops().Override(new("replace", T0.AddHours(1), T0.AddHours(3), "cy@example.com", "eva@example.com"), "x", T0));
        Assert.Equal("cy@example.com is not on call in this time, so there is nothing to change.", absent.Errors["out"].Single());
    }

    [Fact]
    public void Spans_have_no_hole_and_agree_with_every_moment() => Gen.Select(
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 30], Gen.Int[0, 5000]).List[1, 3], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2000], Gen.Int[1, 400]).List[0, 5], Gen.Int[0, 3000])
        .Sample((layers, overrides, start) =>
        {
            string[] names = ["ana@example.com", "li@example.com", "bo@example.com", "eva@example.com"];
            var schedule = Schedule.Enter(new("Ops", TimeZone: "Europe/Berlin", Layers:
                [.. layers.Select((l, n) => new LayerDraft(Words.Of((RotationKind)l.Item1), l.Item2, T0.AddHours(-l.Item3).ToString(ScheduleLayer.HandoverFormat, System.Globalization.CultureInfo.InvariantCulture), [names[n], names[n + 1]]))]), T0);
            foreach (var (kind, from, length) in overrides)
            {
                try
                {
                    schedule.Override(new(Words.Of((OverrideKind)kind), T0.AddHours(from), T0.AddHours(from + length), names[0], names[3], [names[2]]), "x@example.com", T0);
                }
                catch (Exception e) when (e is RuleBroken or FieldsRefused)
                {
                    // Two about one person, or one about somebody who is not on call.
                }
            }

            var (times, at) = (new OnCallTimes(schedule), T0.AddHours(start));
            var spans = times.Between(at, at.AddDays(40));
            Assert.Equal((at, at.AddDays(40)), (spans[0].From, spans[^1].To));
            Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            Assert.All(spans, s => Assert.Equal(s.People, times.At(s.From + ((s.To - s.From) / 2))));
            if (spans.Count > 1)
            {
                Assert.Equal(spans[0].To, times.Now(at).Until);
            }
        }, iter: 60);

    private static string Said((IReadOnlyList<string> People, DateTimeOffset? Until) now) => FormattableString.Invariant($"{string.Join(',', now.People)} until {now.Until?.UtcDateTime:yyyy-MM-dd HH:mm}");

    private static Schedule Ops() => Schedule.Enter(new("Ops", TimeZone: "Europe/Berlin", Layers: [new("weekly", 1, "2026-01-05T09:00", ["ana@example.com", "li@example.com"])]), T0);
}
