using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PartnerPortal.Data.Access;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>The administrator that the configuration asks for (Portal__Admin__Email, __Password, __ApiToken).</summary>
public sealed class AdminOptions
{
    /// <summary>Mail address to sign in with.</summary>
    public string? Email { get; set; }

    /// <summary>Password; set again at every start when it differs.</summary>
    public string? Password { get; set; }

    /// <summary>A token that always works with every scope.</summary>
    public string? ApiToken { get; set; }

    /// <summary>Refuses settings that cannot work, naming them.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public void Check()
    {
        if (string.IsNullOrWhiteSpace(Email) && (!string.IsNullOrEmpty(Password) || !string.IsNullOrEmpty(ApiToken)))
        {
            throw new InvalidOperationException("Portal__Admin__Email is missing: it names the administrator whom Portal__Admin__Password and Portal__Admin__ApiToken belong to.");
        }

        if (!string.IsNullOrEmpty(ApiToken) && !AccessSecret.Fits(ApiToken, AccessSecret.TokenPrefix))
        {
            throw new InvalidOperationException(
                $"Portal__Admin__ApiToken must begin with {AccessSecret.TokenPrefix} and go on with at least {AccessSecret.Shortest} letters, digits, hyphens or underscores.");
        }
    }
}

/// <summary>What every start makes sure of: the configured administrator is there, or somebody can set the portal up.</summary>
public static class PortalPreparation
{
    /// <summary>Makes sure of it. Prints the set-up link once the address is known.</summary>
    public static async Task PrepareAsync(this WebApplication app)
    {
        var admin = app.Services.GetRequiredService<IOptions<AdminOptions>>().Value;
        admin.Check();
        if (!string.IsNullOrWhiteSpace(admin.Email))
        {
            await EnsureAsync(app.Services, admin);
        }

        if (await app.Services.GetRequiredService<InvitationStore>().SetUpLinkAsync(CancellationToken.None) is { } secret)
        {
            app.Lifetime.ApplicationStarted.Register(() => Print(app.Services, secret));
        }
    }

    private static async Task EnsureAsync(IServiceProvider services, AdminOptions admin)
    {
        await using var scope = services.CreateAsyncScope();
        var hasher = scope.ServiceProvider.GetRequiredService<IPasswordHasher<PortalUser>>();
        var people = scope.ServiceProvider.GetRequiredService<PersonStore>();
        var password = string.IsNullOrEmpty(admin.Password) ? null : admin.Password;
        if (password is not null && PasswordRule.Refusal(password, admin.Email) is { } weak)
        {
            scope.ServiceProvider.GetRequiredService<ILogger<AdminOptions>>().LogWarning("Portal__Admin__Password is used, but it is weak. {Reason}", weak);
        }

        var id = await people.EnsureAdministratorAsync(
            admin.Email!,
            p => p.PasswordHash is not null && hasher.VerifyHashedPassword(p, p.PasswordHash, password!) != PasswordVerificationResult.Failed,
            password is null ? null : p => hasher.HashPassword(p, password),
            CancellationToken.None);
        if (!string.IsNullOrEmpty(admin.ApiToken))
        {
            await scope.ServiceProvider.GetRequiredService<TokenStore>().EnsureAsync(id, "from the configuration", admin.ApiToken, CancellationToken.None);
        }
    }

    private static void Print(IServiceProvider services, string secret)
    {
        var address = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5080";
        address = address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
        Console.WriteLine($"Nobody can sign in yet. Open this link, once, to make the first administrator:\n\n  {address}/set-up/{secret}\n");
    }
}
