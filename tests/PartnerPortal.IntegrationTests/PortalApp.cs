using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.Tests;

/// <summary>The whole portal over a test's own database: real routes, real sign-in. Used by the integration tests and, with Kestrel, by the browser tests.</summary>
public sealed partial class PortalApp(TestDatabase database, bool movableClock = true, IReadOnlyDictionary<string, string>? settings = null, Action<IServiceCollection>? instead = null)
    : WebApplicationFactory<HostDatabase>
{
    /// <summary>The password of everybody whom <see cref="PersonAsync"/> makes.</summary>
    public const string Password = "correct horse battery staple";

    private readonly string _data = Path.Combine(Path.GetTempPath(), "portal-app-" + Guid.NewGuid().ToString("N"));

    /// <summary>A person of a role; the same one for the same name.</summary>
    public async Task<PortalUser> PersonAsync(Role role, string? name = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var mail = $"{name ?? role.ToString().ToLowerInvariant()}@example.com";
        if (await people.FindByEmailAsync(mail) is { } known)
        {
            return known;
        }

        var person = new PortalUser { Id = Guid.CreateVersion7(), UserName = mail, Email = mail, EmailConfirmed = true, DisplayName = name ?? role.ToString(), Role = role };
        var made = await people.CreateAsync(person, Password);
        return made.Succeeded ? person : throw new InvalidOperationException(string.Join(' ', made.Errors.Select(e => e.Description)));
    }

    /// <summary>A client that signed in by the form, as a person of this role.</summary>
    public async Task<HttpClient> SignedInAsync(Role role, string? name = null)
    {
        var person = await PersonAsync(role, name);
        // Cookies are carried by hand: a cookie jar would drop those that the test's clock dates into the past.
        var client = CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        using var page = await client.GetAsync("/sign-in");
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value,
            ["email"] = person.Email!,
            ["password"] = Password,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = content, Headers = { { "Cookie", CookiesOf(page) } } };
        using var answer = await client.SendAsync(request);
        if (answer.StatusCode is not (HttpStatusCode.Found or HttpStatusCode.SeeOther))
        {
            throw new InvalidOperationException($"{person.Email} could not sign in: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        client.DefaultRequestHeaders.Add("Cookie", CookiesOf(answer));
        return client;
    }

    private static string CookiesOf(HttpResponseMessage answer) =>
        string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]).Where(c => !c.EndsWith('=')));

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:Portal", database.ConnectionString);
        // Portals over one database share its key, as behind a load balancer.
        builder.UseSetting("Portal:Security:KeyEncryptionKey", Convert.ToBase64String(new byte[32]));
        builder.UseSetting("Portal:DataDirectory", _data);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(log => log.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None).AddFilter("Microsoft.AspNetCore.Diagnostics", LogLevel.None));
        if (instead is not null)
        {
            builder.ConfigureTestServices(instead);
        }

        if (movableClock)
        {
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(database.Clock));
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
