using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Incidents;

/// <summary>An engineer connects a sender on AlertSourcesPage, tries a body on AlertSourcePage, and takes a delivery that did not fit after all.</summary>
public sealed class ConnectTheMonitoring(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private const string Down = """{"version":"4","alerts":[{"status":"firing","fingerprint":"a1","labels":{"alertname":"Down","severity":"warning"},"annotations":{"summary":"no answer for a minute"},"startsAt":"2026-03-02T02:51:00Z"}]}""";

    [Fact]
    public async Task From_the_secret_that_is_shown_once_to_an_alert_that_arrived()
    {
        await App.Services.GetRequiredService<PartnerStore>().EnterAsync(new() { Slug = "tunes", Name = "Tunes Ltd" }, "live", TestDatabase.Ana, TestContext.Current.CancellationToken);
        await SignInAsync(Role.Engineer, "/settings/alert-sources");
        await Expect(Page.GetByText("No alert source yet")).ToBeVisibleAsync();
        await Page.GetByLabel("Partner", new() { Exact = true }).FillAsync("nobody");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add alert source" }).ClickAsync();
        await Expect(Page.GetByText("There is no partner “nobody”")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Partner", new() { Exact = true })).ToHaveValueAsync("nobody");
        await Page.GetByLabel("Partner", new() { Exact = true }).FillAsync("tunes");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add alert source" }).ClickAsync();
        var url = (await Page.GetByTestId("secret").First.TextContentAsync())!;
        await Expect(Page.GetByText("send_resolved: true")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(Page.GetByTestId("secret")).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostAsync(url, """{"version":"4","alerts":[{"status":"firing","labels":{}}]}"""));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(url, Down));

        await Page.GetByRole(AriaRole.Link, new() { Name = "Alertmanager" }).ClickAsync();
        await Expect(Page.GetByText("“alerts[0].labels.alertname” is missing")).ToBeVisibleAsync();
        await Page.GetByLabel("What the sender posts").FillAsync("{}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("“alerts” is missing");
        await Page.GetByLabel("What the sender posts").FillAsync(Down);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Cell, new() { Name = "Down" })).ToContainTextAsync("no answer for a minute");
        await ExpectAccessibleAsync();
        await Page.SetViewportSizeAsync(390, 844);
        await ExpectNoSidewaysScrollAsync();

        await Page.GotoAsync("/settings/alert-sources");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Close Alertmanager" }).ClickAsync();
        Assert.NotEqual(HttpStatusCode.NotFound, await PostAsync(url, Down));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Close it for good Alertmanager" }).ClickAsync();
        await Expect(Page.GetByText("No alert source yet")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(url, Down));

        await Page.GotoAsync("/alerts");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Down", Exact = true })).ToBeVisibleAsync();
    }

    private async Task<HttpStatusCode> PostAsync(string url, string body)
    {
        var answer = await Page.Context.APIRequest.PostAsync(new Uri(url).AbsolutePath, new() { DataByte = Encoding.UTF8.GetBytes(body), Headers = new Dictionary<string, string> { ["content-type"] = "application/json" } });
        return (HttpStatusCode)answer.Status;
    }
}
