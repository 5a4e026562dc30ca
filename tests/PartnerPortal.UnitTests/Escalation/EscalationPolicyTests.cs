using System.Text.Json;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Escalation;

namespace PartnerPortal.UnitTests.Escalation;

public sealed class EscalationPolicyTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static StepDraft Step(string? delay, params TargetDraft[] targets) => new(delay, targets);

    private static EscalationPolicy Enter(params StepDraft[] steps) => EscalationPolicy.Enter(new PolicyDraft("Tunes at night", Steps: steps), Monday);

    [Fact]
    public void A_policy_keeps_its_steps_in_order()
    {
        var policy = EscalationPolicy.Enter(
            new PolicyDraft(Slug: "tunes-night", Steps: [Step(null, new TargetDraft(Person: "Ana@Example.com")), Step("15m", new TargetDraft(Contact: "tunes/asa"), new TargetDraft(Team: "ops"))], Repeat: 2), Monday);

        Assert.Equal(("tunes-night", "Tunes night", 2), (policy.Slug, policy.Name, policy.Repeat));
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromMinutes(15)], policy.Steps.Select(s => s.Delay));
        Assert.Equal([new Target(TargetKind.Person, "ana@example.com")], policy.Steps[0].Targets);
        Assert.Equal([new Target(TargetKind.Contact, "tunes/asa"), new Target(TargetKind.Team, "ops")], policy.Steps[1].Targets);
    }

    [Fact]
    public void Steps_are_written_as_the_api_spells_them()
    {
        var policy = Enter(Step("0s", new TargetDraft(Role: "administrator")), Step("90m", new TargetDraft(Contact: "tunes/asa")));

        var json = JsonSerializer.Serialize(policy.Steps, JsonSerializerOptions.Web);

        Assert.Equal("""[{"delay":"0s","targets":[{"role":"administrator"}]},{"delay":"1h30m","targets":[{"contact":"tunes/asa"}]}]""", json);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<EscalationStep[]>(json, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }

    [Theory]
    [InlineData("""{"nobody":"x"}""")]
    [InlineData("""{"person":"a@b.c","team":"x"}""")]
    [InlineData("""{"person":1}""")]
    [InlineData("""["person"]""")]
    [InlineData("{}")]
    public void A_stored_target_that_is_none_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Target>(json, JsonSerializerOptions.Web));

    [Fact]
    public void A_policy_without_steps_is_refused() =>
        Assert.Equal(["Add a step that calls somebody."], Assert.Throws<FieldsRefused>(() => Enter()).Errors["steps"]);

    [Fact]
    public void Every_field_that_cannot_be_accepted_is_named()
    {
        var refused = Assert.Throws<FieldsRefused>(() => EscalationPolicy.Enter(new PolicyDraft(Repeat: 10, Steps:
        [
            Step("soon", new TargetDraft(Person: "ana")),
            Step("8d"),
            Step("1m", new TargetDraft(Contact: "asa"), new TargetDraft(Role: "guest"), new TargetDraft(Team: "No Team"), new TargetDraft(), new TargetDraft("a@example.com", "ops"), new TargetDraft(Schedule: "No Schedule")),
        ]), Monday));

        Assert.Equal(
            [
                "name", "repeat", "steps[0].delay", "steps[0].targets[0]", "steps[1].delay", "steps[1].targets",
                "steps[2].targets[0]", "steps[2].targets[1]", "steps[2].targets[2]", "steps[2].targets[3]", "steps[2].targets[4]", "steps[2].targets[5]",
            ],
            refused.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("no schedule", Assert.Single(refused.Errors["steps[2].targets[5]"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_resort_calls_the_administrators_and_can_be_neither_emptied_nor_removed()
    {
        var policy = EscalationPolicy.LastResort(Monday);

        Assert.True(policy.IsLastResort);
        Assert.Equal([new Target(TargetKind.Role, "administrator")], policy.Steps.SelectMany(s => s.Targets));
        Assert.Throws<RuleBroken>(() => policy.MakeSureItMayGo([]));
        Assert.Equal(["The last resort must call somebody. Keep at least one step."], Assert.Throws<FieldsRefused>(() => policy.Change(new PolicyDraft(Steps: []))).Errors["steps"]);
        policy.Change(new PolicyDraft("Everybody", Steps: [Step("1m", new TargetDraft(Person: "cto@example.com"))]));
        Assert.Equal("Everybody", policy.Name);
    }

    [Fact]
    public void A_policy_that_is_followed_stays()
    {
        var broken = Assert.Throws<RuleBroken>(() => Enter(Step(null, new TargetDraft(Team: "ops"))).MakeSureItMayGo(["A", "B", "C", "D", "E", "F", "G"]));

        Assert.Contains("A, B, C, D, E and 2 more", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_slug_cannot_change() =>
        Assert.Contains("slug", Assert.Throws<FieldsRefused>(() => Enter(Step(null, new TargetDraft(Team: "ops"))).Change(new PolicyDraft(Slug: "other"))).Errors.Keys);

    [Fact]
    public void A_team_needs_somebody_and_keeps_its_order()
    {
        var team = Team.Enter(new TeamDraft("Operations", Members: ["Li@example.com", "ana@example.com", "li@example.com"]), Monday);

        Assert.Equal(["li@example.com", "ana@example.com"], team.Members);
        Assert.Contains("members", Assert.Throws<FieldsRefused>(() => team.Change(new TeamDraft(Members: []))).Errors.Keys);
        Assert.Contains("members[0]", Assert.Throws<FieldsRefused>(() => team.Change(new TeamDraft(Members: ["li"]))).Errors.Keys);
        Assert.Throws<RuleBroken>(() => team.MakeSureItMayGo(["Night"]));
    }
}
