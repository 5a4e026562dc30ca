using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Storage;

public sealed class SearchStoreTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly Actor Ana = TestDatabase.Ana;
    private readonly PartnerStore _partners = database.Get<PartnerStore>();
    private readonly ContactStore _contacts = database.Get<ContactStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "Big Tunes", "Fortunes", "Tunesmith", "Tunes" })
        {
            await _partners.EnterAsync(new(name), null, Ana, Cancel);
        }

        await _contacts.EnterAsync("tunes", new("Åsa Lindqvist", "partner", Phone: "+46812345678"), Ana, Cancel);
        await _contacts.EnterAsync("fortunes", new("Lind_say 100%", "partner"), Ana, Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Exact_names_then_beginnings_then_words_then_parts_and_only_what_one_may_know()
    {
        Assert.Equal("Tunes, Tunesmith, Big Tunes, Fortunes", await FindAsync("tunes"));
        Assert.Equal("Åsa Lindqvist", await FindAsync("ÅSA lind"));
        Assert.Equal("Åsa Lindqvist", await FindAsync("12345678"));
        Assert.Equal("Lind_say 100%", await FindAsync("d_s"));
        Assert.Equal("", await FindAsync("d%s"));
        Assert.Equal("", await FindAsync("  "));

        await database.Get<TemplateStore>().ShipAsync(Cancel);
        await database.Get<ReviewStore>().StartAsync("tunesmith", "main", "initial-technical-review", Ana, Cancel);
        Assert.Equal("Initial technical review", await FindAsync("technical tunesmith"));

        var own = await _partners.GetAsync("fortunes", Cancel);
        Assert.Equal("Fortunes", await FindAsync("tunes", Ana with { PartnerId = own.Id }));
        Assert.Equal("Lind_say 100%", await FindAsync("lind", Ana with { PartnerId = own.Id }));
        Assert.Equal("", await FindAsync("tunes", Ana with { Role = Role.Guest }));

        await _contacts.RemoveAsync("tunes", "asa-lindqvist", Ana, Cancel);
        await _partners.ArchiveAsync("fortunes", Ana, Cancel);
        Assert.Equal("", await FindAsync("lind"));
    }

    private async Task<string> FindAsync(string text, Actor? by = null) =>
        string.Join(", ", (await database.Get<SearchStore>().FindAsync(text, 20, by ?? Ana, Cancel)).Select(r => r.Title));
}
