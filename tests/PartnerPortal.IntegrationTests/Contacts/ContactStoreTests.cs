using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Contacts;

public sealed class ContactStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Actor Ana = TestDatabase.Ana;

    private readonly ContactStore _contacts = database.Get<ContactStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_contact_comes_back_as_it_was_entered()
    {
        var partner = await PartnerAsync();
        await _contacts.EnterAsync(partner, new("Åsa", "partner", "desk", "on call", "+46 8 123 456 78", "a@example.com", "Europe/Stockholm", "Mon-Fri 9-17", "sv", "id 4711"), Ana, Cancel);
        var found = await _contacts.GetAsync(partner, "asa", Cancel);
        Assert.Equal(
            ("Åsa", Side.Partner, ContactKind.Desk, "on call", "+46812345678", "a@example.com", "Europe/Stockholm", "mon-fri 09:00-17:00", "sv", "id 4711", 1),
            (found.Name, found.Side, found.Kind, found.Role, found.Phone, found.Email, found.TimeZone, found.Hours, found.Language, found.Notes, found.Order));
        Assert.Equal(found.Id, (await _contacts.GetAsync(partner, found.Id.ToString(), Cancel)).Id);
        await Assert.ThrowsAsync<NotThere>(() => _contacts.GetAsync(partner, "bo", Cancel));
        var other = await PartnerAsync();
        await Assert.ThrowsAsync<NotThere>(() => _contacts.GetAsync(other, found.Id.ToString(), Cancel));
    }

    [Fact]
    public async Task Each_side_has_its_own_order_and_ours_come_first()
    {
        var partner = await PartnerAsync();
        await EnterAsync(partner, "partner", "desk", "bo", "cleo");
        await EnterAsync(partner, "ours", "li");
        await _contacts.EnterAsync(partner, new("first", "partner", Order: 1), Ana, Cancel);
        Assert.Equal("li:1 first:1 desk:2 bo:3 cleo:4", await OrderAsync(partner));

        await _contacts.MoveAsync(partner, "cleo", 2, Ana, Cancel);
        Assert.Equal("li:1 first:1 cleo:2 desk:3 bo:4", await OrderAsync(partner));
        await _contacts.ChangeAsync(partner, "first", new(Order: 4), null, Ana, Cancel);
        Assert.Equal("li:1 cleo:1 desk:2 bo:3 first:4", await OrderAsync(partner));
    }

    [Fact]
    public async Task A_removed_contact_can_be_brought_back_to_its_place()
    {
        var partner = await PartnerAsync();
        await EnterAsync(partner, "partner", "a", "b", "c");
        await _contacts.RemoveAsync(partner, "b", Ana, Cancel);
        Assert.Equal("a:1 c:2", await OrderAsync(partner));
        Assert.Equal("b", Assert.Single((await _contacts.ListAsync(partner, removed: true, Cancel)).Contacts).Name);

        await _contacts.RestoreAsync(partner, "b", Ana, Cancel);
        await _contacts.RestoreAsync(partner, "b", Ana, Cancel);
        Assert.Equal("a:1 b:2 c:3", await OrderAsync(partner));
    }

    [Fact]
    public async Task Ten_contacts_entered_at_once_get_ten_places()
    {
        var partner = await PartnerAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _contacts.EnterAsync(partner, new("Bo", "partner"), Ana, Cancel)));
        var contacts = (await _contacts.ListAsync(partner, removed: false, Cancel)).Contacts;
        Assert.Equal(Enumerable.Range(1, 10), contacts.Select(c => c.Order));
        Assert.Equal(10, contacts.Select(c => c.Slug).Distinct().Count());
    }

    [Fact]
    public async Task Every_attempt_is_kept_and_the_last_one_shown()
    {
        var partner = await PartnerAsync();
        await EnterAsync(partner, "partner", "bo");
        await _contacts.AttemptAsync(partner, "bo", AttemptOutcome.Voicemail, Ana, Cancel);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(5));
        await _contacts.AttemptAsync(partner, "bo", AttemptOutcome.Reached, Ana, Cancel);

        var found = await _contacts.GetAsync(partner, "bo", Cancel);
        Assert.Equal(new ContactAttempt(AttemptOutcome.Reached, Ana.Name, database.Clock.GetUtcNow()), found.LastAttempt);
        Assert.Equal(database.Clock.GetUtcNow(), found.ConfirmedAt);
        Assert.Equal([AttemptOutcome.Reached, AttemptOutcome.Voicemail], (await _contacts.AttemptsAsync(partner, "bo", 10, Cancel)).Select(a => a.Outcome));
    }

    [Fact]
    public async Task A_newer_version_is_not_overwritten()
    {
        var partner = await PartnerAsync();
        await EnterAsync(partner, "partner", "bo");
        var read = await _contacts.GetAsync(partner, "bo", Cancel);
        await _contacts.ChangeAsync(partner, "bo", new(Role: "desk"), read.Version, Ana, Cancel);
        var refused = await Assert.ThrowsAsync<ChangedMeanwhile>(() => _contacts.ChangeAsync(partner, "bo", new(Role: "x"), read.Version, Ana, Cancel));
        Assert.Equal("desk", Assert.IsType<Contact>(refused.Current).Role);
    }

    [Fact]
    public async Task An_archived_partner_takes_no_contacts()
    {
        var partner = await PartnerAsync();
        await database.Get<PartnerStore>().ArchiveAsync(partner, Ana, Cancel);
        await Assert.ThrowsAsync<RuleBroken>(() => EnterAsync(partner, "partner", "bo"));
    }

    [Fact]
    public async Task A_callable_partner_is_proof_for_going_live()
    {
        var partner = await PartnerAsync();
        await EnterAsync(partner, "ours", "li");
        Assert.Contains(await MissingAsync(), m => m.Proof.Contains("contact", StringComparison.Ordinal));
        await EnterAsync(partner, "partner", "bo");
        Assert.DoesNotContain(await MissingAsync(), m => m.Proof.Contains("contact", StringComparison.Ordinal));

        Task<IReadOnlyList<MissingProof>> MissingAsync() => database.Get<IntegrationStore>().MissingAsync(partner, "main", Stage.Live, Cancel);
    }

    [Fact]
    public async Task Every_change_of_a_contact_stands_in_the_audit_log()
    {
        var partner = await PartnerAsync();
        await EnterAsync(partner, "partner", "bo");
        await _contacts.AttemptAsync(partner, "bo", AttemptOutcome.WrongNumber, Ana, Cancel);
        var id = (await _contacts.GetAsync(partner, "bo", Cancel)).Id;
        Assert.Equal("added", await database.AskAsync<string>("SELECT action FROM audit.entries WHERE subject_id = $1 ORDER BY id LIMIT 1", id));
        Assert.Equal("wrong number", await database.AskAsync<string>(
            "SELECT after #>> '{lastAttempt,outcome}' FROM audit.entries WHERE subject_id = $1 AND action = 'changed'", id));
    }

    private async Task<string> PartnerAsync() =>
        (await database.Get<PartnerStore>().EnterAsync(new("Tunes", "tunes-" + Guid.NewGuid().ToString("N")), null, Ana, Cancel)).Slug;

    private async Task EnterAsync(string partner, string side, params string[] names)
    {
        foreach (var name in names)
        {
            await _contacts.EnterAsync(partner, new(name, side), Ana, Cancel);
        }
    }

    private async Task<string> OrderAsync(string partner) =>
        string.Join(' ', (await _contacts.ListAsync(partner, removed: false, Cancel)).Contacts.Select(c => $"{c.Name}:{c.Order}"));
}
