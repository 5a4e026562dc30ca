using CsCheck;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.UnitTests.Escalation;

public sealed class CallPlanTests
{
    // 03:03 in Berlin, 21:03 the evening before in New York.
    private static readonly DateTimeOffset Night = new(2026, 11, 24, 2, 3, 0, TimeSpan.Zero);

    private static readonly Callee Ana = new("ana@example.com", "Ana", Side.Ours, "+491701234567", "ana@example.com", "Europe/Berlin", "mon-fri 09:00-17:00");
    private static readonly Callee Desk = new("tunes/desk", "Tunes desk", Side.Partner, "+46812345678", null, "Europe/Stockholm", "24/7", ContactKind.Desk, "en", "customer id 4711");
    private static readonly Callee Kim = new("kim@example.com", "Kim", Side.Ours, null, "kim@example.com", "America/New_York", "mon-fri 09:00-22:00");
    private static readonly Callee Mute = new("tunes/bo", "Bo", Side.Partner, null, null, null, null);

    private static readonly Dictionary<string, Reached> Book = new()
    {
        ["ana@example.com"] = new("Ana", [Ana]),
        ["kim@example.com"] = new("Kim", [Kim]),
        ["tunes/desk"] = new("Tunes desk", [Desk]),
        ["tunes/bo"] = new("Bo", [Mute]),
        ["ops"] = new("team Operations", [Ana, Kim]),
        ["gone"] = new("team gone", [], "The team gone is no longer there."),
        ["administrator"] = new("every administrator", [Kim]),
    };

    private static readonly EscalationPolicy LastResort = EscalationPolicy.LastResort(Night);

    private static Reached Reach(Target target) => Book[target.Key];

    private static EscalationPolicy Policy(int repeat, params (string Delay, TargetDraft Target)[] steps) =>
        EscalationPolicy.Enter(new PolicyDraft("Night", Steps: [.. steps.Select(s => new StepDraft(s.Delay, [s.Target]))], Repeat: repeat), Night);

    [Fact]
    public void Calls_come_in_the_order_of_the_steps_with_their_waits_added_up()
    {
        var plan = CallPlan.For(Policy(0, ("0s", new(Person: "ana@example.com")), ("15m", new(Contact: "tunes/desk")), ("30m", new(Team: "ops"))), LastResort, Reach, Night);

        Assert.Equal(
            [("Ana", Night), ("Tunes desk", Night.AddMinutes(15)), ("Ana", Night.AddMinutes(45)), ("Kim", Night.AddMinutes(45))],
            plan.Calls.Select(c => (c.Who.Name, c.At)));
        Assert.Equal("Night is linked here.", plan.Why);
        Assert.Empty(plan.Gaps);
    }

    [Fact]
    public void Each_call_says_how_it_is_for_them_at_the_moment_of_the_call()
    {
        var plan = CallPlan.For(Policy(0, ("0s", new(Person: "ana@example.com")), ("0s", new(Contact: "tunes/desk")), ("0s", new(Person: "kim@example.com")), ("7h", new(Person: "ana@example.com"))), LastResort, Reach, Night);

        Assert.Equal(
            [
                "probably asleep, 03:03 Tue there; step 1 of Night",
                "always there, 03:03 Tue there; step 2 of Night",
                "at work, 21:03 Mon there; no phone number: by mail only; step 3 of Night",
                "at work, 10:03 Tue there; step 4 of Night",
            ],
            plan.Calls.Select(c => string.Join("; ", c.Reasons)));
    }

    [Fact]
    public void A_step_that_reaches_nobody_is_skipped_at_once_and_named()
    {
        var plan = CallPlan.For(Policy(0, ("0s", new(Team: "gone")), ("15m", new(Contact: "tunes/bo")), ("30m", new(Person: "ana@example.com"))), LastResort, Reach, Night);

        Assert.Equal(Night, Assert.Single(plan.Calls).At);
        Assert.Equal(["Step 1 of Night: The team gone is no longer there.", "Step 2 of Night: Bo has neither phone nor mail."], plan.Gaps);
    }

    [Fact]
    public void Without_a_policy_the_last_resort_is_followed()
    {
        var plan = CallPlan.For(null, LastResort, Reach, Night);

        Assert.Equal((EscalationPolicy.LastResortSlug, "No policy is linked here, so the company's last resort is followed."), (plan.Policy, plan.Why));
        Assert.Equal(["at work, 21:03 Mon there", "no phone number: by mail only", "every administrator", "step 1 of Last resort"], Assert.Single(plan.Calls).Reasons);
    }

    [Fact]
    public void A_policy_that_reaches_nobody_gives_way_to_the_last_resort_and_its_gaps_stay_visible()
    {
        var plan = CallPlan.For(Policy(0, ("0s", new(Team: "gone"))), LastResort, Reach, Night);

        Assert.Equal("last-resort", plan.Policy);
        Assert.Equal("Night reaches nobody, so the company's last resort is followed.", plan.Why);
        Assert.Equal("Kim", Assert.Single(plan.Calls).Who.Name);
        Assert.Equal(["Step 1 of Night: The team gone is no longer there."], plan.Gaps);
    }

    [Fact]
    public void Repeats_begin_after_the_last_wait_but_never_within_five_minutes()
    {
        Assert.Equal(
            [Night.AddMinutes(30), Night.AddMinutes(60)],
            CallPlan.For(Policy(2, ("0s", new(Person: "ana@example.com")), ("15m", new(Team: "ops"))), LastResort, Reach, Night).RepeatsAt);
        Assert.Equal([Night.AddMinutes(5)], CallPlan.For(Policy(1, ("0s", new(Person: "ana@example.com"))), LastResort, Reach, Night).RepeatsAt);
    }

    [Fact]
    public void A_person_between_work_and_sleep_is_off_work_with_the_hour_of_return() =>
        Assert.Equal(["off work, 19:00 Tue there, back 09:00 Wed"], Ana.Reasons(new(2026, 11, 24, 18, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Unknown_hours_and_wrong_numbers_are_said() => Assert.Equal(
        ["hours and zone not entered", "the last call ended at a wrong number"],
        (Mute with { Phone = "+46812345678", WrongNumber = true }).Reasons(Night));

    [Fact]
    public void Nobody_is_called_before_the_step_before_and_never_earlier_than_the_alert() =>
        Gen.Select(Gen.Int[0, 600], Gen.OneOf(Book.Keys.Select(Gen.Const).ToArray())).Array[1, 12].Sample(steps =>
        {
            var policy = EscalationPolicy.Enter(new PolicyDraft("Any", Steps: [.. steps.Select(s => new StepDraft($"{s.Item1}m", [Draft(s.Item2)]))]), Night);

            var plan = CallPlan.Of(policy, "", Reach, Night);

            Assert.Equal(steps.Length, plan.Steps.Count);
            Assert.True(plan.Steps[0].At >= Night);
            Assert.All(plan.Steps.Zip(plan.Steps.Skip(1)), pair => Assert.True(pair.First.At <= pair.Second.At));
            Assert.All(plan.Steps, s => Assert.True(s.Calls.Count > 0 || s.Gaps.Count > 0));
        });

    private static TargetDraft Draft(string key) => key switch
    {
        "administrator" => new(Role: key),
        "ops" or "gone" => new(Team: key),
        _ when key.Contains('/', StringComparison.Ordinal) => new(Contact: key),
        _ => new(Person: key),
    };
}
