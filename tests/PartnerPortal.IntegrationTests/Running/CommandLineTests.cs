using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Audit;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Access;
using PartnerPortal.IntegrationTests.Storage;

namespace PartnerPortal.IntegrationTests.Running;

public sealed class CommandLineTests(BackupServers servers) : IClassFixture<BackupServers>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-cli-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_says_which_portal_it_is()
    {
        var plain = await CommandLine.RunAsync(Settings(), "version");
        Assert.Equal(0, plain.Code);
        Assert.Matches(@"^portal \d+\.\d+\.\d+ \(\.NET 10\.", plain.Out);
        using var json = JsonDocument.Parse((await CommandLine.RunAsync(Settings(), "version", "--json")).Out);
        Assert.Matches(@"^\d+\.\d+\.\d+$", json.RootElement.GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("dance")]
    [InlineData("backup")]
    [InlineData("restore", "/nowhere/portal.zip")]
    [InlineData("token", "create", "--name", "x")]
    public async Task What_cannot_run_ends_with_2_and_a_sentence(params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(Settings(("ConnectionStrings__Portal", await servers.EmptyAsync())), arguments);
        Assert.Equal(2, outcome.Code);
        Assert.StartsWith("portal: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_database_is_not_filled_by_a_backup()
    {
        var outcome = await CommandLine.RunAsync(Settings(), "backup", Path.Combine(_folder, "b.zip"));
        Assert.Equal(2, outcome.Code);
        Assert.Contains("There is no database in", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Backup_and_restore_carry_the_database_and_the_key_without_saying_the_key()
    {
        var file = Path.Combine(_folder, "b.zip");
        var key = KeyFile.ReadOrMake(Path.Combine(_folder, "data"), null);
        var saved = await CommandLine.RunAsync(Settings(("ConnectionStrings__Portal", await servers.FilledAsync())), "backup", file);
        Assert.True(saved.Code == 0, saved.Error);
        Assert.Contains(key.Fingerprint, saved.Out, StringComparison.Ordinal);
        Assert.DoesNotContain((await File.ReadAllTextAsync(key.Path!, Cancel)).Trim(), saved.Out + saved.Error, StringComparison.Ordinal);

        var target = await servers.EmptyAsync();
        var restored = await CommandLine.RunAsync(
            new Dictionary<string, string?> { ["Portal__DataDirectory"] = Path.Combine(_folder, "new"), ["ConnectionStrings__Portal"] = target }, "restore", file, "--json");
        Assert.True(restored.Code == 0, restored.Error);
        using var json = JsonDocument.Parse(restored.Out);
        Assert.True(json.RootElement.GetProperty("rows").GetInt64() >= 9);
        Assert.Equal(3, await BackupServers.AskAsync<long>(target, "SELECT count(*) FROM partners.partners"));
        Assert.Equal(key.Fingerprint, KeyFile.Read(Path.Combine(_folder, "new"), null)!.Fingerprint);
    }

    [Fact]
    public async Task A_token_stands_alone_on_standard_output_and_works_until_its_date()
    {
        var database = await servers.FilledAsync();
        await using (var db = new PortalContext(ContextOptions.Standalone(database)))
        {
            db.Users.Add(new PortalUser { Id = Guid.CreateVersion7(), UserName = "ana@example.com", NormalizedUserName = "ANA@EXAMPLE.COM", Email = "ana@example.com", NormalizedEmail = "ANA@EXAMPLE.COM", DisplayName = "Ana", Role = Role.Engineer });
            await db.SaveChangesAsync(Cancel);
        }

        var outcome = await CommandLine.RunAsync(Settings(("ConnectionStrings__Portal", database)),
            "token", "create", "--name", "nightly build", "--owner", "ana@example.com", "--scope", "read,write", "--expires", "90d");
        Assert.True(outcome.Code == 0, outcome.Error);
        var secret = outcome.Out.TrimEnd();
        Assert.Matches("^ppk_[A-Za-z0-9_-]{32,}$", secret);
        await using var services = BackupServers.Services(database);
        var actor = await services.GetRequiredService<TokenStore>().FindAsync(secret, Cancel);
        Assert.Equal("ana@example.com", actor!.Name);
        Assert.Equal([Scope.Read, Scope.Write], actor.Scopes!);

        var stranger = await CommandLine.RunAsync(Settings(("ConnectionStrings__Portal", database)), "token", "create", "--name", "x", "--owner", "nobody@example.com", "--scope", "read");
        Assert.Equal(2, stranger.Code);
        Assert.Contains("nobody@example.com", stranger.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_verify_names_the_first_bad_row()
    {
        var database = await servers.FilledAsync();
        await using (var services = BackupServers.Services(database))
        {
            await services.GetRequiredService<AuditChain>().ChainAsync(Cancel);
        }

        var good = await CommandLine.RunAsync(Settings(("ConnectionStrings__Portal", database)), "audit", "verify");
        Assert.True(good.Code == 0, good.Out + good.Error);
        await BackupServers.RunAsync(database, "ALTER TABLE audit.entries DISABLE TRIGGER USER; UPDATE audit.entries SET title = 'somebody else' WHERE position = 2");
        var bad = await CommandLine.RunAsync(Settings(("ConnectionStrings__Portal", database)), "audit", "verify");
        Assert.True(bad.Code == 1, bad.Out + bad.Error);
        Assert.Contains("Row 2", bad.Out, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?> { ["Portal__DataDirectory"] = Path.Combine(_folder, "data") };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }
}
