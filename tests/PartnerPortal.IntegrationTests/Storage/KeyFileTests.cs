using System.Runtime.Versioning;
using System.Security.Cryptography;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.IntegrationTests.Storage;

public sealed class KeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-key-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Portals_that_start_at_once_get_the_same_key()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => KeyFile.ReadOrMake(_folder, null).Fingerprint)));
        Assert.Single(keys.Distinct());
        Assert.Equal([KeyFile.PathIn(_folder)], Directory.GetFiles(_folder));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_owner_reads_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix");
        var key = KeyFile.ReadOrMake(_folder, null);
        Assert.True(KeyFile.IsPrivate(key.Path!));
        File.SetUnixFileMode(key.Path!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.False(KeyFile.IsPrivate(key.Path!));
    }

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void A_setting_that_is_no_key_is_named_but_not_repeated(string setting)
    {
        var fault = Assert.Throws<FormatException>(() => KeyFile.Read(_folder, setting));
        Assert.StartsWith(KeyFile.Setting, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(setting, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sealed_field_opens_only_in_its_place_and_with_its_key()
    {
        var cipher = new FieldCipher(KeyFile.ReadOrMake(_folder, null));
        var secret = cipher.Seal("Bearer hush", "source 1 headers");
        Assert.Equal("Bearer hush", cipher.Open(secret, "source 1 headers"));
        Assert.NotEqual(secret, cipher.Seal("Bearer hush", "source 1 headers"));
        Assert.Throws<AuthenticationTagMismatchException>(() => cipher.Open(secret, "source 2 headers"));
        secret[^1] ^= 1;
        Assert.Throws<AuthenticationTagMismatchException>(() => cipher.Open(secret, "source 1 headers"));
        Assert.Throws<CryptographicException>(() => cipher.Open([1, 2, 3], "source 1 headers"));
        var other = KeyFile.Read(_folder, Convert.ToBase64String(new byte[32]))!;
        Assert.Contains(other.Fingerprint, Assert.Throws<CryptographicException>(() => new FieldCipher(other).Open(cipher.Seal("x", "y"), "y")).Message, StringComparison.Ordinal);
    }
}
