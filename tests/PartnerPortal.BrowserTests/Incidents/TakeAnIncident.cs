using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PartnerPortal.Data.Contacts;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Integrations;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using static Microsoft.Playwright.Assertions;

namespace PartnerPortal.BrowserTests.Incidents;

/// <summary>At three in the morning, on a phone: IncidentLinkPage without script and without signing in; DeclarePage and IncidentPage for whoever is signed in.</summary>
public sealed class TakeAnIncident(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    private readonly Chromium _chromium = chromium;

    protected override ViewportSize Window { get; } = new() { Width = 360, Height = 740 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    [Fact]
    public async Task From_the_signed_link_to_resolved_without_script_on_a_small_phone()
    {
        var ana = TestDatabase.Ana;
        await Get<PartnerStore>().EnterAsync(new() { Slug = "tunes", Name = "Tunes Ltd" }, "live", ana, Cancel);
        await Get<ContactStore>().EnterAsync("tunes", new() { Side = "partner", Name = "Their desk", Phone = "+46846500410", Hours = "24/7", TimeZone = "Europe/Stockholm", Notes = "customer id 4711" }, ana, Cancel);
        await Get<PolicyStore>().SaveAsync("night", new(Steps: [new("0s", [new(Person: "tom@example.com"), new(Contact: "tunes/their-desk")])]), null, ana, Cancel);
        await Get<IntegrationStore>().ChangeAsync("tunes", "main", new() { EscalationPolicy = "night" }, null, ana, Cancel);
        var declared = await Get<DeclareStore>().DeclareAsync(new("tunes", WhatUsersSee: "Cannot buy songs"), ana, Cancel);
        var link = "/i/" + Get<IncidentLinks>().Make(declared.Id, "tom@example.com", TimeProvider.System.GetUtcNow().AddHours(1));

        var context = await _chromium.Browser.NewContextAsync(new() { BaseURL = Url, ViewportSize = Window, JavaScriptEnabled = false });
        var phone = await context.NewPageAsync();
        await phone.GotoAsync(link + "?still=1");
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Cannot buy songs");
        var button = phone.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" });
        var box = (await button.BoundingBoxAsync())!;
        Assert.True(box.Height >= 64 && box.Y + box.Height <= Window.Height, $"The button ends at {box.Y + box.Height} of {Window.Height} and is {box.Height} high.");
        await Expect(phone.GetByRole(AriaRole.Link, new() { Name = "+46 8 465 004 10" })).ToHaveAttributeAsync("href", "tel:+46846500410");
        await button.ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Status)).ToContainTextAsync("tom@example.com has it, pages again");

        await phone.GetByRole(AriaRole.Button, new() { Name = "Voicemail" }).ClickAsync();
        await Expect(phone.GetByText("tom@example.com called Their desk: voicemail.")).ToBeVisibleAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Note", Exact = true }).ClickAsync();
        await phone.GetByLabel("Note").FillAsync("Their status page is green.");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();
        await Expect(phone.GetByText("Their status page is green.")).ToBeVisibleAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Add person" }).ClickAsync();
        await phone.GetByLabel("Whom to ask").FillAsync("nobody");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Page them" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not a mail address");
        await Expect(phone.GetByLabel("Whom to ask")).ToHaveValueAsync("nobody");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Status)).ToContainTextAsync("Resolved by tom@example.com");
        await context.CloseAsync();
    }

    [Fact]
    public async Task Declared_from_a_phone_listed_and_readable_for_everybody()
    {
        await SignInAsync(Role.Operator, "/incidents/new");
        await Page.GetByLabel("What users see").FillAsync("Nobody can sign in");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Declare and page" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nobody can sign in");
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
        await Page.GotoAsync(Page.Url + "?write=snooze");
        await Expect(Page.GetByLabel("Quiet for")).ToBeVisibleAsync();
        await ExpectAccessibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Snooze" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("operator@example.com snoozed it until");
        await Page.GotoAsync("/incidents?show=mine");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Nobody can sign in" })).ToBeVisibleAsync();
        await ExpectNoSidewaysScrollAsync();
        await ExpectAccessibleAsync();
    }
}
