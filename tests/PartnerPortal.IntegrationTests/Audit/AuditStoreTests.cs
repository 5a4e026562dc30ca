using PartnerPortal.Data.Audit;
using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Audit;

public sealed class AuditStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Actor Li = new(Guid.CreateVersion7(), "li@example.com", Role.Engineer, "api");

    private readonly AuditStore _log = database.Get<AuditStore>();
    private readonly PartnerStore _partners = database.Get<PartnerStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_row_comes_first_with_its_differences()
    {
        var partner = await PartnerAsync("Tunes");
        await database.Clock.MoveAsync(TimeSpan.FromSeconds(1));
        await _partners.ChangeAsync(partner, new(Summary: "music"), null, Li, Cancel);
        var row = (await FindAsync(new(partner)))[0];
        Assert.Equal(("li@example.com", "api", partner, "Tunes", "partner", "changed"), (row.By, row.Through, row.Partner, row.PartnerName, row.Kind, row.Action));
        Assert.Equal([new("Summary", null, "music")], row.Changes);
    }

    [Fact]
    public async Task Rows_are_found_by_kind_person_words_and_time()
    {
        var partner = await PartnerAsync("Searched");
        var from = database.Clock.GetUtcNow();
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(10));
        await database.Get<ContactStore>().EnterAsync(partner, new("Bo", "partner", Notes: "100%_sure of the Quetzal"), Li, Cancel);
        await database.Clock.MoveAsync(TimeSpan.FromMinutes(10));
        await _partners.ArchiveAsync(partner, TestDatabase.Ana, Cancel);

        Assert.Equal("contact", Assert.Single(await FindAsync(new(partner, Kind: "contact"))).Kind);
        Assert.Equal("Bo", Assert.Single(await FindAsync(new(partner, By: "LI@"))).Title);
        Assert.Equal("Bo", Assert.Single(await FindAsync(new(Text: "quetzal bo"))).Title);
        Assert.Equal("Bo", Assert.Single(await FindAsync(new(Text: "100%_sure"))).Title);
        Assert.Empty(await FindAsync(new(Text: "100%xsure")));
        Assert.Equal("Bo", Assert.Single(await FindAsync(new(partner, From: from.AddMinutes(1), To: from.AddMinutes(15)))).Title);
        Assert.Contains("contact", await _log.KindsAsync(Cancel));
        await Assert.ThrowsAsync<NotThere>(() => FindAsync(new("nobody")));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gaps_or_repeats()
    {
        var partner = await PartnerAsync("Paged");
        for (var i = 0; i < 7; i++)
        {
            await _partners.ChangeAsync(partner, new(Summary: $"text {i}"), null, TestDatabase.Ana, Cancel);
        }

        var all = await FindAsync(new(partner));
        List<AuditRow> paged = [];
        Guid? after = null;
        while (await _log.AfterAsync(new(partner), after, 3, Li, Cancel) is { Count: > 0 } page)
        {
            paged.AddRange(page);
            after = page[^1].Id;
        }

        Assert.Equal(all.Select(r => r.Id), paged.Select(r => r.Id));
        Assert.Equal(9, all.Count); // the partner, its integration, seven changes
    }

    [Fact]
    public async Task The_whole_log_is_for_administrators_and_a_partner_s_history_for_its_readers()
    {
        var (own, other) = (await _partners.EnterAsync(new("Own"), null, TestDatabase.Ana, Cancel), await PartnerAsync("Other"));
        await Assert.ThrowsAsync<NotAllowed>(() => FindAsync(new(), Li));
        Assert.NotEmpty(await FindAsync(new(other), Li));

        var bound = Li with { PartnerId = own.Id };
        await Assert.ThrowsAsync<NotThere>(() => FindAsync(new(other), bound));
        Assert.All(await FindAsync(new(), bound), row => Assert.Equal(own.Slug, row.Partner));
        await Assert.ThrowsAsync<NotAllowed>(() => FindAsync(new(own.Slug), bound with { Role = Role.Guest }));
    }

    private async Task<string> PartnerAsync(string name) =>
        (await _partners.EnterAsync(new(name, name.ToLowerInvariant() + "-" + Guid.NewGuid().ToString("N")[..8]), null, TestDatabase.Ana, Cancel)).Slug;

    private Task<IReadOnlyList<AuditRow>> FindAsync(AuditFilter filter, Actor? by = null) => _log.AfterAsync(filter, null, 50, by ?? TestDatabase.Ana, Cancel);
}
