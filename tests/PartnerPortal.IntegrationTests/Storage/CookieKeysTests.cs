using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data;
using PartnerPortal.Data.Storage;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Storage;

public sealed class CookieKeysTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-cookies-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Keys_of_cookies_are_sealed_in_the_database_and_only_its_key_opens_them()
    {
        string cookie;
        await using (var portal = Portal(_folder))
        {
            cookie = portal.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie").Protect("ana");
        }

        var stored = (await database.AskAsync<string>("SELECT string_agg(xml, '') FROM access.cookie_keys"))!;
        Assert.Contains("<sealed", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", stored, StringComparison.Ordinal);

        await using (var again = Portal(_folder))
        {
            Assert.Equal("ana", again.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie").Unprotect(cookie));
        }

        // With another key people sign in again, and that is all.
        await using var elsewhere = Portal(Path.Combine(_folder, "elsewhere"));
        var protector = elsewhere.GetRequiredService<IDataProtectionProvider>().CreateProtector("cookie");
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(cookie));
        Assert.Equal("li", protector.Unprotect(protector.Protect("li")));
    }

    [Fact]
    public async Task A_database_whose_secrets_another_key_sealed_is_refused()
    {
        var settings = new StorageSettings(_folder, database.ConnectionString, null, null, null);
        await KeyGuard.EnsureAsync(database.ConnectionString, settings, Cancel);
        Assert.False(File.Exists(KeyFile.PathIn(_folder)));

        await BackupServers.SealAsync(database.ConnectionString, KeyFile.ReadOrMake(_folder, null));
        Assert.Equal(KeyFile.Read(_folder, null)!.Fingerprint, await KeyGuard.WantedAsync(database.ConnectionString, Cancel));
        await KeyGuard.EnsureAsync(database.ConnectionString, settings, Cancel);

        File.Delete(KeyFile.PathIn(_folder));
        var missing = await Assert.ThrowsAsync<FormatException>(() => KeyGuard.EnsureAsync(database.ConnectionString, settings, Cancel));
        Assert.Contains(KeyFile.PathIn(_folder) + " is missing", missing.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile.PathIn(_folder)));

        var other = settings with { KeySetting = Convert.ToBase64String(new byte[32]) };
        var wrong = await Assert.ThrowsAsync<FormatException>(() => KeyGuard.EnsureAsync(database.ConnectionString, other, Cancel));
        Assert.Contains(KeyFile.Setting + " holds the key", wrong.Message, StringComparison.Ordinal);
        await database.RunAsync("DELETE FROM access.secrets");
    }

    [Fact]
    public async Task Every_sealed_field_stands_in_a_column_that_says_so()
    {
        // The stores that seal, and where: a new one must keep to the name, or a lost key is noticed only when the field is used.
        var root = Running.CommandLine.Root();
        var sealing = Directory.GetFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/Storage/", StringComparison.Ordinal) && File.ReadAllText(f).Contains("cipher.Seal(", StringComparison.Ordinal))
            .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);
        Assert.Equal(["AlertSourceTrustStore", "ChannelStore", "MetricSourceStore", "PortalPeople"], sealing);
        Assert.Equal("sealed_former_signing_secret,sealed_headers,sealed_secret,sealed_signing_secret", await database.AskAsync<string>(
            "SELECT string_agg(column_name, ',' ORDER BY column_name) FROM information_schema.columns WHERE column_name LIKE 'sealed\\_%' AND data_type = 'bytea'"));
    }

    private ServiceProvider Portal(string folder)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddPortalStorage(database.ConnectionString).AddFieldCipher(folder, null);
        services.AddDataProtection().SetApplicationName("PartnerPortal").PersistKeysToPortal();
        return services.BuildServiceProvider();
    }
}
