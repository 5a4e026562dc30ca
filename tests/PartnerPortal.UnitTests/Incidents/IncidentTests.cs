using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Integrations;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class IncidentTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 2, 2, 51, 0, TimeSpan.Zero);
    private static readonly TimeSpan Half = TimeSpan.FromMinutes(30);

    [Fact]
    public void The_first_who_takes_it_has_it_and_the_second_is_told()
    {
        var incident = Open();
        Assert.Equal("ana@example.com has it.", incident.Acknowledge("ana@example.com", Half, T0));
        Assert.Equal("li@example.com wanted to take it; ana@example.com already has it.", incident.Acknowledge("li@example.com", Half, T0));
        Assert.Equal("ana@example.com still has it.", incident.Acknowledge("ana@example.com", Half, T0.AddMinutes(10)));
        Assert.Equal((IncidentState.Acknowledged, "ana@example.com", T0, T0.AddMinutes(40)), (incident.State, incident.AcknowledgedBy, incident.AcknowledgedAt, incident.AcknowledgedUntil));
    }

    [Fact]
    public void Acting_makes_the_time_begin_anew_and_silence_makes_it_nobodys()
    {
        var incident = Open();
        incident.Touch(Half, T0);
        Assert.Null(incident.AcknowledgedUntil);
        incident.Acknowledge("ana@example.com", Half, T0);
        incident.Touch(Half, T0.AddMinutes(20));
        Assert.Equal(T0.AddMinutes(50), incident.AcknowledgedUntil);
        Assert.Contains("ana@example.com has not acted", incident.LoseAcknowledgement(), StringComparison.Ordinal);
        Assert.Equal(IncidentState.Open, incident.State);
    }

    [Fact]
    public void What_is_over_stays_over_and_keeps_its_first_end()
    {
        var incident = Open();
        incident.Resolve("ana@example.com", T0);
        incident.Resolve("li@example.com", T0.AddMinutes(1));
        Assert.Equal((T0, "ana@example.com"), (incident.ResolvedAt!.Value, incident.ResolvedBy));
        Assert.StartsWith("INC-0 was resolved by ana@example.com", Assert.Throws<RuleBroken>(() => incident.Acknowledge("li@example.com", Half, T0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(60 * 24 * 8)]
    public void Quiet_times_end_within_seven_days(int minutes) =>
        Assert.Equal("Choose a moment within the next 7 days.", Assert.Throws<RuleBroken>(() => Open().Snooze(T0.AddMinutes(minutes), "ana@example.com", T0)).Message);

    [Fact]
    public void Merging_keeps_the_earlier_start_the_worse_severity_and_every_integration()
    {
        var (one, other, hit) = (Open(Severity.Critical, T0.AddMinutes(-9), Guid.NewGuid()), Open(Severity.Warning, T0, Guid.NewGuid()), Guid.NewGuid());
        one.Hit(hit);
        one.MergeInto(other, "ana@example.com", T0);
        Assert.Equal((IncidentState.Resolved, other.Id), (one.State, one.MergedInto));
        Assert.Equal((Severity.Critical, T0.AddMinutes(-9)), (other.Severity, other.Onset.FirstBad));
        Assert.Equal([hit, one.IntegrationId!.Value], other.AlsoHit);
        Assert.Throws<RuleBroken>(() => other.MergeInto(other, "ana@example.com", T0));
    }

    [Fact]
    public void Details_are_changed_with_a_sentence_and_bad_ones_refused()
    {
        var incident = Open();
        Assert.Equal("ana@example.com set their ticket to “CS-4711”, the severity to warning.", incident.Change(new(TheirTicket: "CS-4711", Severity: "warning"), "ana@example.com"));
        Assert.Null(incident.Change(new(TheirTicket: "CS-4711"), "ana@example.com"));
        Assert.Equal(["severity", "title"], Assert.Throws<FieldsRefused>(() => incident.Change(new(Title: " ", Severity: "awful"), "x")).Errors.Keys.Order());
    }

    [Theory]
    [InlineData(Severity.Critical, Stage.Live, "", Urgency.Page)]
    [InlineData(Severity.Critical, Stage.Retiring, "production", Urgency.Page)]
    [InlineData(Severity.Critical, null, "", Urgency.Page)]
    [InlineData(Severity.Critical, Stage.Live, "sandbox", Urgency.WorkingHours)]
    [InlineData(Severity.Critical, Stage.Live, "Staging", Urgency.WorkingHours)]
    [InlineData(Severity.Critical, Stage.Integrating, "", Urgency.WorkingHours)]
    [InlineData(Severity.Warning, Stage.Live, "", Urgency.WorkingHours)]
    [InlineData(Severity.Info, Stage.Live, "", Urgency.Record)]
    public void Only_what_hurts_users_of_a_live_integration_pages(Severity severity, Stage? stage, string environment, Urgency urgency) =>
        Assert.Equal(urgency, Urgencies.Of(severity, stage, environment.Length == 0 ? new Dictionary<string, string>() : new() { ["environment"] = environment }));

    private static Incident Open(Severity severity = Severity.Critical, DateTimeOffset? began = null, Guid? integration = null) =>
        Incident.Open(new(integration is null ? null : Guid.NewGuid(), integration, "group", "Purchases failing", "", severity, Urgency.Page, new(null, began ?? T0, "rule"), "rule"), T0);
}
