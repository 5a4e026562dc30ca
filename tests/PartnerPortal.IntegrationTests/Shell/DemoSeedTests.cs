using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Contacts;
using PartnerPortal.Domain.Integrations;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.IntegrationTests.Shell;

public sealed class DemoSeedTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string[] Slugs = ["tunes", "northbank", "kindly", "postlane", "facecheck"];

    [Fact]
    public async Task A_second_start_enters_nothing_and_a_partner_that_somebody_has_is_left_alone()
    {
        var cancel = TestContext.Current.CancellationToken;
        var partners = database.Get<PartnerStore>();
        await partners.EnterAsync(new PartnerDraft(Name: "Our own Postlane", Slug: "postlane"), null, TestDatabase.Ana, cancel);
        await partners.ArchiveAsync("postlane", TestDatabase.Ana, cancel);

        Assert.Equal(4, await Seed().PlantAsync(cancel));
        Assert.Equal("Our own Postlane", (await partners.GetAsync("postlane", cancel)).Name);
        await partners.ChangeAsync("tunes", new PartnerDraft(Summary: "Mine now."), null, TestDatabase.Ana, cancel);
        var rows = await database.AskAsync<long>("SELECT count(*) FROM audit.entries");

        Assert.Equal(0, await Seed().PlantAsync(cancel));
        Assert.Equal("Mine now.", (await partners.GetAsync("tunes", cancel)).Summary);
        Assert.Equal(rows, await database.AskAsync<long>("SELECT count(*) FROM audit.entries"));
        await ShowsWhatEachPartnerHasAsync();
    }

    private async Task ShowsWhatEachPartnerHasAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        var stages = new Dictionary<string, Stage>();
        foreach (var slug in Slugs)
        {
            stages[slug] = (await database.Get<PartnerStore>().GetAsync(slug, cancel)).Integrations.Single(integration => integration.Slug == Integration.MainSlug).Stage;
        }

        Assert.Equal([Stage.Live, Stage.Integrating, Stage.Contracted, Stage.Prospect, Stage.InReview], Slugs.Select(slug => stages[slug]));

        var contacts = (await database.Get<ContactStore>().ListAsync("tunes", false, cancel)).Contacts;
        Assert.Equal(6, contacts.Count);
        Assert.All(contacts, contact => Assert.False(contact.Phone is { } phone && Phone.Doubtful(phone), $"{contact.Name}: {contact.Phone}"));
        Assert.Equal("Tunes operations desk", contacts.First(contact => contact.Side == Domain.Side.Partner).Name);

        var tunes = await database.Get<ReviewStore>().ListAsync("tunes", null, cancel);
        Assert.Equal(["initial-technical-review", "production-readiness"], tunes.Select(r => r.Template).Order());
        Assert.All(tunes, r => Assert.Equal(Verdict.Go, r.Decision!.Verdict));
        var facecheck = Assert.Single(await database.Get<ReviewStore>().ListAsync("facecheck", null, cancel));
        Assert.Null(facecheck.Decision);
        Assert.Equal(24, facecheck.Progress.Answered);
        Assert.Equal(["our player", "shop"], (await database.Get<MetricSourceStore>().ActiveAsync(cancel)).Select(source => source.Name).Order());
        Assert.Equal(4, (await database.Get<ChartStore>().ListAsync("tunes", "main", cancel)).Count);
        Assert.Equal("music-shop", (await database.Get<IntegrationStore>().GetAsync("tunes", "main", cancel)).EscalationPolicy);
        var history = (await database.Get<IntegrationStore>().GetAsync("tunes", "main", cancel)).StageHistory;
        Assert.All(history, change => Assert.Empty(change.Missing));
        Assert.Equal(4L, await database.AskAsync<long>("SELECT count(*) FROM runbooks.runbooks"));
    }

    private DemoSeed Seed() =>
        ActivatorUtilities.CreateInstance<DemoSeed>(database.Services, new DemoOptions { Url = new Uri("http://127.0.0.1:5081") });
}
