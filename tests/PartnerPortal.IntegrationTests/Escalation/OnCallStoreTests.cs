using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Escalation;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Escalation;

public sealed class OnCallStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Actor Ana = TestDatabase.Ana;

    private readonly PolicyStore _policies = database.Get<PolicyStore>();
    private readonly TeamStore _teams = database.Get<TeamStore>();
    private readonly OnCallStore _onCall = database.Get<OnCallStore>();
    private readonly ContactStore _contacts = database.Get<ContactStore>();
    private readonly IntegrationStore _integrations = database.Get<IntegrationStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string New(string prefix) => prefix + Guid.NewGuid().ToString("N")[..10];

    [Fact]
    public async Task The_last_resort_is_there_without_anybody_making_it_and_only_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _policies.LastResortAsync(Cancel)));

        Assert.Single(await _policies.ListAsync(Cancel), r => r.Policy.IsLastResort);
        Assert.True((await _policies.ListAsync(Cancel))[0].Policy.IsLastResort);
        await Assert.ThrowsAsync<RuleBroken>(() => _policies.RemoveAsync("last-resort", Ana, Cancel));
    }

    [Fact]
    public async Task A_policy_comes_back_as_it_was_saved_and_changes_by_version()
    {
        var slug = New("night");
        var (policy, isNew) = await _policies.SaveAsync(slug, new("Night", Steps: [new("15m", [new(Person: "ana@example.com")])], Repeat: 2), null, Ana, Cancel);
        Assert.True(isNew);

        var read = await _policies.GetAsync(slug, Cancel);
        Assert.Equal(("Night", 2, TimeSpan.FromMinutes(15), new Target(TargetKind.Person, "ana@example.com")), (read.Name, read.Repeat, read.Steps[0].Delay, read.Steps[0].Targets[0]));
        await _policies.SaveAsync(slug, new("Later"), read.Version, Ana, Cancel);
        await Assert.ThrowsAsync<ChangedMeanwhile>(() => _policies.SaveAsync(slug, new("Mine"), policy.Version, Ana, Cancel));
        await _policies.RemoveAsync(slug, Ana, Cancel);
        await Assert.ThrowsAsync<NotThere>(() => _policies.GetAsync(slug, Cancel));
    }

    [Fact]
    public async Task Teams_and_contacts_that_are_not_there_are_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() =>
            _policies.SaveAsync(New("x"), new("X", Steps: [new("0s", [new(Team: "nobody"), new(Contact: "nowhere/nobody"), new(Person: "new@example.com")])]), null, Ana, Cancel));

        Assert.Equal(["steps[0].targets[0]", "steps[0].targets[1]"], refused.Errors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_linked_policy_is_followed_with_contacts_of_both_sides()
    {
        var partner = await PartnerAsync();
        await _contacts.EnterAsync(partner, new("Åsa", "partner", Phone: "+46 8 123 456 78", TimeZone: "Europe/Stockholm", Hours: "mon-fri 09:00-17:00", Notes: "customer id 4711"), Ana, Cancel);
        await _contacts.EnterAsync(partner, new("Ana", "ours", Phone: "+49 170 1234567", Email: "Ana@example.com", TimeZone: "Europe/Berlin"), Ana, Cancel);
        var (team, _) = await _teams.SaveAsync(New("ops"), new("Operations", Members: ["ana@example.com", "li@example.com"]), null, Ana, Cancel);
        var (policy, _) = await _policies.SaveAsync(New("tunes"), new("Tunes", Steps: [new("0s", [new(Team: team.Slug)]), new("15m", [new(Contact: $"{partner}/asa")])]), null, Ana, Cancel);
        await _integrations.ChangeAsync(partner, "main", new(EscalationPolicy: policy.Slug), null, Ana, Cancel);

        var plan = await _onCall.WhoAsync(partner, "main", new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), Cancel);

        Assert.Equal([("Ana", "+491701234567"), ("li@example.com", null), ("Åsa", "+46812345678")], plan.Calls.Select(c => (c.Who.Name, c.Who.Phone)));
        Assert.Equal("customer id 4711", plan.Calls.Last().Who.Notes);
        Assert.StartsWith("at work, 10:15 Mon there", plan.Calls.Last().Reasons[0], StringComparison.Ordinal);
        Assert.Equal([(partner, "main")], (await _policies.FollowersAsync(policy.Slug, Cancel)).Select(f => (f.Partner, f.Integration)));
        await Assert.ThrowsAsync<RuleBroken>(() => _policies.RemoveAsync(policy.Slug, Ana, Cancel));
        await Assert.ThrowsAsync<RuleBroken>(() => _teams.RemoveAsync(team.Slug, Ana, Cancel));
    }

    [Fact]
    public async Task A_removed_contact_is_a_gap_and_the_last_resort_takes_over()
    {
        var partner = await PartnerAsync();
        await _contacts.EnterAsync(partner, new("Bo", "partner", Phone: "+46812345678"), Ana, Cancel);
        var (policy, _) = await _policies.SaveAsync(New("bo"), new("Only Bo", Steps: [new("0s", [new(Contact: $"{partner}/bo")])]), null, Ana, Cancel);
        await _integrations.ChangeAsync(partner, "main", new(EscalationPolicy: policy.Slug), null, Ana, Cancel);
        await _contacts.RemoveAsync(partner, "bo", Ana, Cancel);

        var plan = await _onCall.WhoAsync(partner, "main", database.Clock.GetUtcNow(), Cancel);

        Assert.Equal("last-resort", plan.Policy);
        Assert.Contains(plan.Gaps, g => g.Contains($"{partner}/bo is no longer there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unlinking_and_unknown_policies_are_understood()
    {
        var partner = await PartnerAsync();
        var refused = await Assert.ThrowsAsync<FieldsRefused>(() => _integrations.ChangeAsync(partner, "main", new(EscalationPolicy: "nothing"), null, Ana, Cancel));
        Assert.Equal(["There is no escalation policy called “nothing”."], refused.Errors["escalationPolicy"]);

        await _integrations.ChangeAsync(partner, "main", new(EscalationPolicy: "last-resort"), null, Ana, Cancel);
        await _integrations.ChangeAsync(partner, "main", new(EscalationPolicy: ""), null, Ana, Cancel);

        Assert.Null((await _integrations.GetAsync(partner, "main", Cancel)).EscalationPolicy);
    }

    [Fact]
    public async Task Targets_are_found_by_the_words_of_any_kind()
    {
        var partner = await PartnerAsync("Zebra Music");
        await _contacts.EnterAsync(partner, new("Quentin", "partner", Role: "on call"), Ana, Cancel);
        var (team, _) = await _teams.SaveAsync(New("quick"), new("Quick response", Members: ["ana@example.com"]), null, Ana, Cancel);

        var found = await _onCall.SearchAsync("qu", 20, Cancel);

        Assert.Contains(found, r => r.Target == new Target(TargetKind.Contact, $"{partner}/quentin") && r.Detail == "Zebra Music · on call");
        Assert.Contains(found, r => r.Target == new Target(TargetKind.Team, team.Slug));
        Assert.Contains(await _onCall.SearchAsync("administrator", 20, Cancel), r => r.Target == new Target(TargetKind.Role, "administrator"));
        Assert.Contains(await _onCall.SearchAsync("zebra", 20, Cancel), r => r.Label == "Quentin");
        Assert.Empty(await _onCall.SearchAsync("%", 20, Cancel));
    }

    private async Task<string> PartnerAsync(string name = "Tunes")
    {
        var slug = New("p");
        await database.Get<PartnerStore>().EnterAsync(new(name, slug), null, Ana, Cancel);
        return slug;
    }
}
