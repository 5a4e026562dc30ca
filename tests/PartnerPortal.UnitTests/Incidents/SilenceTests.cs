using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class SilenceTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Once_holds_from_its_start_to_its_end()
    {
        var silence = Enter(new(Matchers: ["a=\"b\""], StartsAt: T0.AddHours(1), EndsAt: T0.AddHours(2)));
        Assert.Null(silence.HoldsUntil(T0));
        Assert.Equal(T0.AddHours(2), silence.HoldsUntil(T0.AddHours(1)));
        Assert.Null(silence.HoldsUntil(T0.AddHours(2)));
        Assert.Null(silence.Next(T0.AddHours(2)));
    }

    [Fact]
    public void Weekly_comes_back_at_the_same_wall_clock_after_the_clock_was_put_forward_until_it_does_not()
    {
        var saturday = new DateTimeOffset(2026, 3, 21, 1, 0, 0, TimeSpan.Zero);
        var silence = Enter(new(Matchers: ["a=\"b\""], StartsAt: saturday, EndsAt: saturday.AddHours(3), Repeat: "weekly", TimeZone: "Europe/Berlin", Until: saturday.AddDays(10)));
        Assert.Equal((saturday, saturday.AddHours(3)), silence.Next(T0));
        Assert.Equal((saturday.AddDays(7), saturday.AddDays(7).AddHours(3)), silence.Next(saturday.AddHours(3)));
        Assert.Null(silence.Next(saturday.AddDays(7).AddHours(3)));

        var always = Enter(new(Matchers: ["a=\"b\""], StartsAt: saturday, EndsAt: saturday.AddHours(3), Repeat: "weekly", TimeZone: "Europe/Berlin"));
        // 02:00 in Berlin is midnight in UTC from 29 March on.
        Assert.Equal(new DateTimeOffset(2026, 4, 4, 0, 0, 0, TimeSpan.Zero), always.Next(saturday.AddDays(8))!.Value.From);
        always.End(saturday.AddDays(8));
        Assert.Null(always.Next(saturday.AddDays(8)));
    }

    [Fact]
    public void It_is_about_alerts_whose_labels_match()
    {
        var partner = Guid.NewGuid();
        var alert = Alert.Raise(new(partner, Guid.NewGuid(), "grafana", "g", "k", "Disk is full", "", Severity.Warning, new Dictionary<string, string> { ["service"] = "pay" }, null, new Onset(null, T0, "rule"), null), T0);
        foreach (var (matchers, expected) in new (string[], bool)[]
        {
            (["service=\"pay\""], true), (["service=\"mail\""], false), (["service=~\"p.*\"", "severity=\"warning\""], true), (["service=\"pay\"", "severity!=\"warning\""], false),
            (["partner=\"tunes\"", "integration=\"main\"", "source=\"grafana\""], true), (["alertname=~\"Disk.*\""], true), (["{service=\"pay\"}"], true),
        })
        {
            Assert.Equal(expected, Enter(new(Matchers: matchers, EndsAt: T0.AddHours(1))).IsAbout(alert, "tunes", "main"));
        }

        Assert.True(Silence.Enter(new(EndsAt: T0.AddHours(1)), partner, "ana@example.com", T0).IsAbout(alert, "tunes", "main"));
        Assert.False(Silence.Enter(new(EndsAt: T0.AddHours(1)), Guid.NewGuid(), "ana@example.com", T0).IsAbout(alert, "tunes", "main"));
    }

    [Fact]
    public void Bad_fields_get_sentences()
    {
        Assert.Equal(["endsAt", "matchers"], Refused(new()));
        Assert.Equal(["matchers"], Refused(new(Matchers: ["service"], EndsAt: T0.AddHours(1))));
        Assert.Equal(["matchers"], Refused(new(Matchers: ["service=~\".*\""], EndsAt: T0.AddHours(1))));
        Assert.Equal(["endsAt"], Refused(new(Matchers: ["a=\"b\""], StartsAt: T0.AddHours(-2), EndsAt: T0.AddHours(-1))));
        Assert.Equal(["repeat"], Refused(new(Matchers: ["a=\"b\""], EndsAt: T0.AddHours(30), Repeat: "daily")));
        Assert.Equal(["repeat"], Refused(new(Matchers: ["a=\"b\""], EndsAt: T0.AddHours(1), Repeat: "hourly")));
        Assert.Equal(["timeZone"], Refused(new(Matchers: ["a=\"b\""], EndsAt: T0.AddHours(1), TimeZone: "Europe/Atlantis")));
    }

    private static IEnumerable<string> Refused(SilenceDraft draft) => Assert.Throws<FieldsRefused>(() => Enter(draft)).Errors.Keys.Order();

    private static Silence Enter(SilenceDraft draft) => Silence.Enter(draft, null, "ana@example.com", T0);
}
