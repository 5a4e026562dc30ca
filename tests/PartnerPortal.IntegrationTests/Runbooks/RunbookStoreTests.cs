using System.Text;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Runbooks;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Runbooks;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Runbooks;

public sealed class RunbookStoreTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Actor Ana = TestDatabase.Ana;

    private readonly RunbookStore _runbooks = database.Get<RunbookStore>();
    private readonly RunbookListStore _list = database.Get<RunbookListStore>();
    private readonly RunbookImportStore _import = database.Get<RunbookImportStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_save_is_a_version_and_an_old_one_can_be_restored()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "down", new(Text: "# Down\n\n- [ ] call"), null, Ana, Cancel);
        await database.Clock.MoveAsync(TimeSpan.FromHours(1));
        await _runbooks.WriteAsync(partner, "down", new(Text: "# Down\n\nwrong", Note: "shorter"), 1, Ana, Cancel);
        await _runbooks.RestoreAsync(partner, "down", 1, Ana, Cancel);

        var found = await _runbooks.GetAsync(partner, "down", Cancel);
        Assert.Equal((3, 1, "# Down\n\n- [ ] call"), (found.Number, found.Steps, found.Text));
        Assert.Equal([(3, "Version 1 restored"), (2, "shorter"), (1, null)], (await _runbooks.VersionsAsync(partner, "down", Cancel)).Select(v => (v.Number, v.Note)));
        Assert.Equal("# Down\n\nwrong", (await _runbooks.VersionAsync(partner, "down", 2, Cancel)).Text);
        await Assert.ThrowsAsync<NotThere>(() => _runbooks.VersionAsync(partner, "down", 9, Cancel));
    }

    [Fact]
    public async Task A_save_over_a_newer_version_is_refused_with_what_is_stored()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "down", new(Text: "# One"), null, Ana, Cancel);
        await _runbooks.WriteAsync(partner, "down", new(Text: "# Two"), 1, Ana, Cancel);

        var refused = await Assert.ThrowsAsync<ChangedMeanwhile>(() => _runbooks.WriteAsync(partner, "down", new(Text: "# Mine"), 1, Ana, Cancel));

        Assert.Equal("# Two", Assert.IsType<Runbook>(refused.Current).Text);
    }

    [Fact]
    public async Task Two_saves_at_once_leave_one_winner()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "down", new(Text: "# One"), null, Ana, Cancel);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            try
            {
                await _runbooks.WriteAsync(partner, "down", new(Text: $"# Try {i}"), 1, Ana, Cancel);
                return true;
            }
            catch (Exception e) when (e is ChangedMeanwhile or AlreadyTaken)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, won => won);
        Assert.Equal([2, 1], (await _runbooks.VersionsAsync(partner, "down", Cancel)).Select(v => v.Number));
    }

    [Fact]
    public async Task A_taken_slug_is_refused_where_a_new_runbook_is_meant()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, null, new(Text: "# Down"), null, Ana, Cancel);

        await Assert.ThrowsAsync<AlreadyTaken>(() => _runbooks.WriteAsync(partner, null, new(Text: "# Down"), null, Ana, Cancel));
    }

    [Fact]
    public async Task Words_are_found_in_any_form_and_shown_where_they_stand()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "refund", new(Text: "# Refund stuck\n\nWhen buyers were refunded twice, freeze the ledger."), null, Ana, Cancel);
        await _runbooks.WriteAsync(partner, "ledger", new(Text: "# Ledger frozen\n\nUnfreeze it after the refunds."), null, Ana, Cancel);

        Assert.Equal(["refund", "ledger"], await FoundAsync(partner, "refunds"));
        Assert.Equal(["refund"], await FoundAsync(partner, "\"refunded twice\""));
        Assert.Equal(["ledger"], await FoundAsync(partner, "refund -twice"));
        Assert.Equal(["refund"], await FoundAsync(partner, "buye"));
        Assert.Empty(await FoundAsync(partner, "helicopter"));
        var excerpt = (await _list.FindAsync(partner, "ledger", false, 0, 10, Cancel))[1].Excerpt!;
        Assert.Contains($"{RunbookListStore.Start}ledger{RunbookListStore.Stop}", excerpt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cataloge")]
    [InlineData("purchse")]
    [InlineData("catalouge")]
    public async Task A_word_that_was_typed_wrong_is_found_by_likeness(string typed)
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "down", new(Text: "# Catalogue down\n\nA purchase fails."), null, Ana, Cancel);
        await _runbooks.WriteAsync(partner, "other", new(Text: "# Webhooks\n\nNothing arrives."), null, Ana, Cancel);

        Assert.Equal(["down"], await FoundAsync(partner, typed));
    }

    [Theory]
    [InlineData("'")]
    [InlineData("& | ! ( ) : * <->")]
    [InlineData("\"unclosed")]
    [InlineData("-")]
    [InlineData("%_\\")]
    [InlineData("\0")]
    [InlineData(":* ''; DROP TABLE runbooks.runbooks")]
    public async Task Any_text_can_be_searched(string typed)
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "down", new(Text: "# Down"), null, Ana, Cancel);

        await _list.FindAsync(partner, typed, false, 0, 10, Cancel);
        await _list.FindAsync(null, typed, false, 0, 10, Cancel);
    }

    [Fact]
    public async Task Archived_runbooks_are_listed_apart_and_prove_nothing()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "down", new(Text: "# Down"), null, Ana, Cancel);
        Assert.DoesNotContain("a runbook", await MissingAsync(partner));

        await _runbooks.ArchiveAsync(partner, "down", Ana, Cancel);

        Assert.Contains("a runbook", await MissingAsync(partner));
        Assert.Empty(await _list.FindAsync(partner, null, false, 0, 10, Cancel));
        Assert.Single(await _list.FindAsync(partner, null, true, 0, 10, Cancel));
    }

    [Fact]
    public async Task A_folder_is_imported_and_what_cannot_be_read_leaves_nothing_behind()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "down", new(Text: "# Down"), null, Ana, Cancel);
        await _runbooks.WriteAsync(partner, "same", new(Text: "# Same"), null, Ana, Cancel);
        RunbookFile[] files = [File("down.md", "# Down\n\nmore"), File("same.md", "# Same"), File("a/new.md", "# A"), File("b/new.md", "# B"), File("x.png", "x"), RunbookFile.Read("bad.md", [0xE5, 0x41])];

        var preview = await _import.PreviewAsync(partner, files, Cancel);
        Assert.Equal(2, (await _list.FindAsync(partner, null, false, 0, 50, Cancel)).Count);
        var rows = await _import.ImportAsync(partner, files, Ana, Cancel);

        Assert.Equal(
            [("down", ImportOutcome.NewVersion), ("same", ImportOutcome.Unchanged), ("new", ImportOutcome.New), ("b-new", ImportOutcome.New), (null, ImportOutcome.Refused), (null, ImportOutcome.Refused)],
            rows.Select(r => (r.Slug?.Replace("runbook", "new", StringComparison.Ordinal), r.Outcome)));
        Assert.Equal(rows, preview);
        Assert.Equal(4, (await _list.FindAsync(partner, null, false, 0, 50, Cancel)).Count);
        Assert.Equal(2, (await _runbooks.GetAsync(partner, "down", Cancel)).Number);
    }

    [Fact]
    public async Task The_audit_log_names_the_version_and_not_the_text()
    {
        var partner = await PartnerAsync();
        await _runbooks.WriteAsync(partner, "secret", new(Text: "# Hushed\n\nhush-hush"), null, Ana, Cancel);

        Assert.Equal(0L, await database.AskAsync<long>("SELECT count(*) FROM audit.entries WHERE after::text LIKE '%hush-hush%'"));
        Assert.Equal("1", await database.AskAsync<string>("SELECT after->>'number' FROM audit.entries WHERE kind = 'runbook' AND title = 'Hushed' ORDER BY id DESC LIMIT 1"));
    }

    private static RunbookFile File(string path, string text) => RunbookFile.Read(path, Encoding.UTF8.GetBytes(text));

    private async Task<string> PartnerAsync()
    {
        var slug = "p" + Guid.NewGuid().ToString("N")[..12];
        await database.Get<PartnerStore>().EnterAsync(new("Tunes", slug), null, Ana, Cancel);
        return slug;
    }

    private async Task<IEnumerable<string>> FoundAsync(string partner, string text) => (await _list.FindAsync(partner, text, false, 0, 50, Cancel)).Select(r => r.Slug);

    private async Task<IEnumerable<string>> MissingAsync(string partner) =>
        (await database.Get<IntegrationStore>().MissingAsync(partner, "main", Stage.Live, Cancel)).Select(m => m.Proof);
}
