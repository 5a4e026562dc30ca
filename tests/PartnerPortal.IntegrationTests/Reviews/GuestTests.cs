using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.Domain.Reviews;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Reviews;

public sealed partial class GuestTests(SharedPortal portal) : IClassFixture<SharedPortal>
{
    private readonly PortalApp _app = portal.App;
    private readonly GuestDoor _door = new(portal.App);

    private ReviewInvitationStore Invitations => _app.Services.GetRequiredService<ReviewInvitationStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_twenty_presses_at_once_one_trades_the_link_and_the_others_read_why_not()
    {
        var (engineer, review) = await StartAsync("twenty");
        var link = await GuestDoor.InviteAsync(engineer, review, "li@twenty.example");
        var presses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GuestDoor.ReachForTheButtonAsync(_door.Browser(), link.Path)));

        var answers = await Task.WhenAll(presses.Select(p => p()));

        Assert.Single(answers, a => (int)a.StatusCode is 302 or 303);
        var late = answers.Where(a => a.StatusCode == HttpStatusCode.Conflict).ToList();
        Assert.Equal(19, late.Count);
        Assert.Contains("Ask engineer@example.com for a new one", WebUtility.HtmlDecode(await late[0].Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
        Assert.Equal(1, await portal.Database.AskAsync<long>("SELECT count(*) FROM access.sessions WHERE person_name = 'li@twenty.example'"));
        Assert.Equal(1, await portal.Database.AskAsync<long>("SELECT count(*) FROM access.people WHERE email = 'li@twenty.example' AND role = 'guest' AND password_hash IS NULL AND display_name = 'Li Wei'"));
    }

    [Fact]
    public async Task Opening_the_link_changes_nothing_and_says_who_what_and_until_when()
    {
        var (engineer, review) = await StartAsync("opening");
        var link = await GuestDoor.InviteAsync(engineer, review, "li@opening.example", 3);
        var before = await StandAsync();
        var browser = _door.Browser();
        string text = "";
        for (var i = 0; i < 3; i++)
        {
            text = WebUtility.HtmlDecode(await browser.GetStringAsync(link.Path, Cancel));
        }

        using var head = await browser.SendAsync(new(HttpMethod.Head, link.Path), Cancel);
        using var prefetch = new HttpRequestMessage(HttpMethod.Get, link.Path) { Headers = { { "Sec-Purpose", "prefetch" } } };
        using var fetched = await browser.SendAsync(prefetch, Cancel);
        using var bare = await browser.PostAsync(link.Path, new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "open" }), Cancel);

        Assert.All(new[] { "Initial technical review", "engineer@example.com", "li@opening.example", "5 March 2026", "Open the review" }, said => Assert.Contains(said, text, StringComparison.Ordinal));
        Assert.False(fetched.Headers.Contains("Set-Cookie") && fetched.Headers.GetValues("Set-Cookie").Any(c => c.StartsWith("portal=", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Equal(before, await StandAsync());
        await _door.EnterAsync(link.Path);
    }

    [Fact]
    public async Task The_link_of_a_guest_leaves_every_other_account_alone()
    {
        var (engineer, review) = await StartAsync("accounts");
        var refused = await engineer.PostAsJsonAsync($"/api/v1/reviews/{review}/invitations", new { email = "engineer@example.com" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("one of the portal's own people", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        var link = await GuestDoor.InviteAsync(engineer, review, "later@example.com");
        var later = await _app.PersonAsync(Role.Viewer, "later");
        using var press = await (await GuestDoor.ReachForTheButtonAsync(_door.Browser(), link.Path))();
        Assert.Equal(HttpStatusCode.Conflict, press.StatusCode);
        Assert.Equal("viewer", await portal.Database.AskAsync<string>("SELECT role FROM access.people WHERE id = $1", later.Id));
    }

    [Fact]
    public async Task One_of_ours_who_tries_the_link_does_not_use_it_up()
    {
        var (engineer, review) = await StartAsync("curious");
        var link = await GuestDoor.InviteAsync(engineer, review, "li@curious.example");
        var page = await engineer.GetAsync(link.Path, Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var press = await GuestDoor.ReachForTheButtonAsync(engineer, link.Path);
        Assert.NotNull(press);
        Assert.Null((await Invitations.ListAsync(review, TestDatabase.Ana, Cancel))[0].TradedAt);
    }

    [Fact]
    public async Task A_guest_answers_their_items_and_finds_no_others()
    {
        var (engineer, review) = await StartAsync("answers");
        var (_, other) = await StartAsync("others");
        var guest = await _door.EnterAsync((await GuestDoor.InviteAsync(engineer, review, "li@answers.example")).Path);
        var (theirs, ours) = await KeysAsync(review);

        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync(guest, review, theirs)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(guest, review, ours)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(guest, other, theirs)).StatusCode);
        var sheet = await _app.Services.GetRequiredService<ReviewStore>().GetAsync(review, TestDatabase.Ana, Cancel);
        Assert.Equal("li@answers.example", sheet.AnswerTo(theirs)!.AnsweredBy);
    }

    [Fact]
    public async Task Every_other_page_and_address_is_closed_to_a_guest()
    {
        var (engineer, review) = await StartAsync("closed");
        var guest = await _door.EnterAsync((await GuestDoor.InviteAsync(engineer, review, "li@closed.example")).Path);
        List<string> open = [];
        foreach (var path in Paths("closed", review))
        {
            using var answer = await guest.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancel);
            var shut = answer.StatusCode is HttpStatusCode.Forbidden || answer.Headers.Location?.OriginalString == "/guest";
            if (!shut)
            {
                open.Add(path);
            }
        }

        Assert.Equal(["/account", "/account/recovery-codes", "/account/second-step", "/api/v1/me", $"/api/v1/reviews/{review}/files/{review}", "/api/v1/sessions", "/guest", $"/guest/reviews/{review}"], open.Order(StringComparer.Ordinal));
        using var home = await guest.GetAsync("/", Cancel);
        Assert.Equal("/guest", home.Headers.Location?.OriginalString);
        using var search = await guest.GetAsync("/api/v1/search?q=closed", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, search.StatusCode);
        Assert.Empty(await _app.Services.GetRequiredService<Web.Shell.PaletteSearch>().FindAsync("closed", new(Guid.NewGuid(), "li@closed.example", Role.Guest, PartnerId: Guid.NewGuid()), Cancel));
        var sessions = await guest.GetFromJsonAsync<JsonElement>("/api/v1/sessions", Cancel);
        Assert.All(sessions.GetProperty("items").EnumerateArray(), s => Assert.Equal("li@closed.example", s.GetProperty("email").GetString()));
    }

    [Fact]
    public async Task A_guest_fetches_files_of_their_own_items_and_no_others()
    {
        var (engineer, review) = await StartAsync("files");
        var (_, other) = await StartAsync("files-2");
        var guest = await _door.EnterAsync((await GuestDoor.InviteAsync(engineer, review, "li@files.example")).Path);
        var items = (await _app.Services.GetRequiredService<ReviewStore>().ChecklistAsync(review, TestDatabase.Ana, Cancel)).Items.ToList();
        var (ours, theirs) = (items.First(i => i.Who == Answerer.Us).Key, items.First(i => i.Who == Answerer.Partner).Key);

        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync(await AddAsync(engineer, review, theirs), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await guest.GetAsync(await AddAsync(engineer, review, ours), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await guest.GetAsync(await AddAsync(engineer, other, theirs), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await guest.PostAsync($"/api/v1/reviews/{other}/answers/{theirs}/files?name=a.txt", new ByteArrayContent("proof"u8.ToArray()), Cancel)).StatusCode);

        async Task<string> AddAsync(HttpClient by, Guid to, string key)
        {
            using var content = new ByteArrayContent("proof"u8.ToArray());
            using var answer = await by.PostAsync($"/api/v1/reviews/{to}/answers/{key}/files?name=a.txt", content, Cancel);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return answer.Headers.Location!.OriginalString;
        }
    }

    [Fact]
    public async Task Taking_the_invitation_back_ends_the_session_and_tells_open_pages()
    {
        var (engineer, review) = await StartAsync("revoked");
        var link = await GuestDoor.InviteAsync(engineer, review, "li@revoked.example");
        var guest = await _door.EnterAsync(link.Path);
        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync("/api/v1/me", Cancel)).StatusCode);
        var session = (await Invitations.FindAsync(link.Path.Split('/')[^1], Cancel))!;
        var told = new TaskCompletionSource();
        using var feed = _app.Services.GetRequiredService<ChangeFeed>().Subscribe(change =>
        {
            if (change.Kind == "session")
            {
                told.TrySetResult();
            }
        });

        Assert.Equal(HttpStatusCode.NoContent, (await engineer.PostAsync($"/api/v1/reviews/{review}/invitations/{link.Id}/revoke", null, Cancel)).StatusCode);

        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guest.GetAsync("/api/v1/me", Cancel)).StatusCode);
        Assert.False(await Invitations.MayOpenAsync(review, GuestOf(session.Guest!.Value), Cancel));
        Assert.Contains("taken back", await _door.Browser().GetStringAsync(link.Path, Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await engineer.PostAsync($"/api/v1/reviews/{Guid.NewGuid()}/invitations/{link.Id}/revoke", null, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_guest_with_two_invitations_keeps_the_one_that_was_not_taken_back()
    {
        var (engineer, first) = await StartAsync("two");
        var second = (await _app.Services.GetRequiredService<ReviewStore>().StartAsync("two", "main", "initial-technical-review", TestDatabase.Ana, Cancel)).Id;
        var one = await GuestDoor.InviteAsync(engineer, first, "li@two.example");
        await _door.EnterAsync(one.Path);
        var guest = await _door.EnterAsync((await GuestDoor.InviteAsync(engineer, second, "li@two.example")).Path);

        await engineer.PostAsync($"/api/v1/reviews/{first}/invitations/{one.Id}/revoke", null, Cancel);

        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync("/api/v1/me", Cancel)).StatusCode);
        var (theirs, _) = await KeysAsync(first);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(guest, first, theirs)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AnswerAsync(guest, second, theirs)).StatusCode);
    }

    [Fact]
    public async Task The_list_never_shows_a_secret_and_only_those_who_answer_reviews_invite()
    {
        var (engineer, review) = await StartAsync("listed");
        var link = await GuestDoor.InviteAsync(engineer, review, "li@listed.example");
        var newer = await GuestDoor.InviteAsync(engineer, review, "LI@listed.example");
        var text = await engineer.GetStringAsync($"/api/v1/reviews/{review}/invitations", Cancel);

        Assert.DoesNotContain("ppl_", text, StringComparison.Ordinal);
        var rows = await Invitations.ListAsync(review, TestDatabase.Ana, Cancel);
        Assert.Equal(newer.Id, Assert.Single(rows, r => r.RevokedAt is null).Id);
        Assert.Equal(link.Id, Assert.Single(rows, r => r.RevokedAt is not null).Id);
        var viewer = await _app.SignedInAsync(Role.Viewer);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsJsonAsync($"/api/v1/reviews/{review}/invitations", new { email = "x@listed.example" }, Cancel)).StatusCode);
    }

    private async Task<(HttpClient Engineer, Guid Review)> StartAsync(string slug) => (await _app.SignedInAsync(Role.Engineer), await _door.ReviewAsync(slug));

    private async Task<(string Theirs, string Ours)> KeysAsync(Guid review)
    {
        var list = await _app.Services.GetRequiredService<ReviewStore>().ChecklistAsync(review, TestDatabase.Ana, Cancel);
        return (list.Items.First(i => i.Who == Domain.Reviews.Answerer.Partner).Key, list.Items.First(i => i.Who == Domain.Reviews.Answerer.Us).Key);
    }

    private static async Task<HttpResponseMessage> AnswerAsync(HttpClient client, Guid review, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reviews/{review}/answers/{key}")
        {
            Content = new StringContent("{\"state\":\"warning\",\"comment\":\"said by Li\"}", Encoding.UTF8, "application/json"),
            Headers = { { "If-Match", "\"1\"" } },
        };
        return await client.SendAsync(request, Cancel);
    }

    private static Actor GuestOf(Guid id) => new(id, "li", Role.Guest, PartnerId: Guid.NewGuid());

    private Task<long> StandAsync() => portal.Database.AskAsync<long>(
        "SELECT (SELECT count(*) FROM access.people) + (SELECT count(*) FROM access.sessions) * 1000 + (SELECT count(*) FROM audit.entries) * 1000000");

    // Every GET route that needs a right, filled with the guest's own partner and review.
    private IEnumerable<string> Paths(string partner, Guid review) => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != false || e.Metadata.Any(m => m is Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata))
        .Select(e => "/" + e.RoutePattern.RawText!.Trim('/'))
        .Where(p => !p.StartsWith("/_", StringComparison.Ordinal) && !p.Contains("{*", StringComparison.Ordinal))
        .Select(p => Parameter().Replace(p, m => m.Value switch
        {
            "{slug}" or "{Slug}" => partner,
            var v when v.Contains(":guid", StringComparison.Ordinal) => review.ToString(),
            var v when v.Contains(":int", StringComparison.Ordinal) => "1",
            "{documentName}" => "v1",
            _ => "none",
        })).Distinct();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
