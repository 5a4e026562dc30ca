using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.TestKit;
using PartnerPortal.Tests;

namespace PartnerPortal.IntegrationTests.Reviews;

/// <summary>The way of a partner's engineer into a portal: a review, a link, its page, the button.</summary>
public sealed partial class GuestDoor(PortalApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts a review of a new partner.</summary>
    public async Task<Guid> ReviewAsync(string slug)
    {
        await app.Services.GetRequiredService<PartnerStore>().EnterAsync(new(Name: slug, Slug: slug), null, TestDatabase.Ana, Cancel);
        return (await app.Services.GetRequiredService<ReviewStore>().StartAsync(slug, "main", "initial-technical-review", TestDatabase.Ana, Cancel)).Id;
    }

    /// <summary>Invites by the API and gives the invitation and the path of its link.</summary>
    public static async Task<(Guid Id, string Path)> InviteAsync(HttpClient engineer, Guid review, string email, int? days = null)
    {
        var answer = await engineer.PostAsJsonAsync($"/api/v1/reviews/{review}/invitations", new { email, days }, Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return (made.GetProperty("invitation").GetProperty("id").GetGuid(), new Uri(made.GetProperty("url").GetString()!).AbsolutePath);
    }

    /// <summary>A browser of nobody: carries cookies by hand, follows nothing.</summary>
    public HttpClient Browser() => app.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });

    /// <summary>Reads the page of a link and prepares the press of its button.</summary>
    public static async Task<Func<Task<HttpResponseMessage>>> ReachForTheButtonAsync(HttpClient browser, string path)
    {
        using var page = await browser.GetAsync(path, Cancel);
        var form = new Dictionary<string, string>
        {
            ["_handler"] = "open",
            ["__RequestVerificationToken"] = Token().Match(await page.Content.ReadAsStringAsync(Cancel)).Groups[1].Value,
            ["name"] = "Li Wei",
        };
        var cookies = CookiesOf(page);
        return async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form), Headers = { { "Cookie", cookies } } };
            return await browser.SendAsync(request, Cancel);
        };
    }

    /// <summary>Opens a link and presses the button: a client with the guest's session.</summary>
    public async Task<HttpClient> EnterAsync(string path)
    {
        var browser = Browser();
        using var answer = await (await ReachForTheButtonAsync(browser, path))();
        Assert.True((int)answer.StatusCode is 302 or 303, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)}");
        browser.DefaultRequestHeaders.Add("Cookie", CookiesOf(answer));
        return browser;
    }

    private static string CookiesOf(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var cookies)
        ? string.Join("; ", cookies.Select(c => c.Split(';')[0]).Where(c => !c.EndsWith('='))) : "";

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
