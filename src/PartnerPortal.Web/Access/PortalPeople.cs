using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>Identity's people, with two changes: recovery codes are stored hashed, and the key of an authenticator app is stored encrypted.</summary>
public sealed class PortalPeople(
    IUserStore<PortalUser> store, IOptions<IdentityOptions> options, IPasswordHasher<PortalUser> hasher,
    IEnumerable<IUserValidator<PortalUser>> userValidators, IEnumerable<IPasswordValidator<PortalUser>> passwordValidators,
    ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services, ILogger<UserManager<PortalUser>> log,
    FieldCipher cipher, TimeProvider clock)
    : UserManager<PortalUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, log)
{
    /// <summary>The moment, for codes that depend on it.</summary>
    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <inheritdoc/>
    public override async Task<string?> GetAuthenticatorKeyAsync(PortalUser user)
    {
        var stored = await base.GetAuthenticatorKeyAsync(user);
        try
        {
            return stored is null ? null : cipher.Open(Convert.FromBase64String(stored), Place(user));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null; // sealed with a key that is gone: the person sets the app up anew after a recovery code
        }
    }

    /// <inheritdoc/>
    public override async Task<IdentityResult> ResetAuthenticatorKeyAsync(PortalUser user)
    {
        await ((IUserAuthenticatorKeyStore<PortalUser>)Store).SetAuthenticatorKeyAsync(user, Convert.ToBase64String(cipher.Seal(GenerateNewAuthenticatorKey(), Place(user))), CancellationToken);
        return await UpdateAsync(user);
    }

    /// <inheritdoc/>
    public override async Task<IEnumerable<string>?> GenerateNewTwoFactorRecoveryCodesAsync(PortalUser user, int number)
    {
        var codes = Enumerable.Range(0, number).Select(_ => CreateTwoFactorRecoveryCode()).Distinct().ToList();
        await ((IUserTwoFactorRecoveryCodeStore<PortalUser>)Store).ReplaceCodesAsync(user, codes.Select(Hash), CancellationToken);
        return (await UpdateAsync(user)).Succeeded ? codes : null;
    }

    /// <inheritdoc/>
    public override Task<IdentityResult> RedeemTwoFactorRecoveryCodeAsync(PortalUser user, string code) =>
        base.RedeemTwoFactorRecoveryCodeAsync(user, Hash(code.Trim().ToUpperInvariant()));

    private static string Place(PortalUser user) => $"person {user.Id} authenticator key";

    private static string Hash(string code) => Convert.ToHexString(AccessSecret.Hash(code));
}

/// <summary>Codes of an authenticator app (RFC 6238), each accepted once.</summary>
internal sealed class AuthenticatorCodes : IUserTwoFactorTokenProvider<PortalUser>
{
    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<PortalUser> manager, PortalUser user) => Task.FromResult(user.TwoFactorEnabled);

    public Task<string> GenerateAsync(string purpose, UserManager<PortalUser> manager, PortalUser user) => Task.FromResult("");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<PortalUser> manager, PortalUser user)
    {
        if (await manager.GetAuthenticatorKeyAsync(user) is not { Length: > 0 } key)
        {
            return false;
        }

        var now = ((PortalPeople)manager).Now.UtcDateTime;
        var code = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(key));
        if (!code.VerifyTotp(now, token, out var step, new OtpNet.VerificationWindow(previous: 1, future: 1)) || step <= user.LastCodeStep)
        {
            return false;
        }

        user.LastCodeStep = step;
        return (await manager.UpdateAsync(user)).Succeeded; // a second request with the same code loses here: the row has changed
    }
}

/// <summary>Refuses passwords that are guessed first; the sentence is the Domain's.</summary>
internal sealed class GoodPassword : IPasswordValidator<PortalUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<PortalUser> manager, PortalUser user, string? password) => Task.FromResult(
        PasswordRule.Refusal(password, user.Email, user.DisplayName) is { } refusal
            ? IdentityResult.Failed(new IdentityError { Code = "password", Description = refusal })
            : IdentityResult.Success);
}
