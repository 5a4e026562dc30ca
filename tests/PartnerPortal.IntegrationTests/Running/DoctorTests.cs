using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PartnerPortal.Data.Storage;
using PartnerPortal.IntegrationTests.Storage;

namespace PartnerPortal.IntegrationTests.Running;

/// <summary>Faults planted one at a time: the doctor finds each, says what to do, and finds nothing else.</summary>
public sealed class DoctorTests(BackupServers servers) : IClassFixture<BackupServers>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-doctor-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_fresh_machine_is_well_and_looking_makes_nothing()
    {
        var outcome = await CommandLine.RunAsync(new Dictionary<string, string?> { ["Portal__DataDirectory"] = Data }, "doctor");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("Nothing is wrong.", outcome.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("settings", "Portal__Outbound__Alowed", "x", "Portal__Outbound__Allowed")]
    [InlineData("outgoing calls", "Portal__Outbound__Allowed", "10.0.0.0/99", "Correct the setting")]
    [InlineData("outgoing calls", "Portal__Outbound__AuthoritiesFile", "/nowhere.pem", "Correct the setting")]
    [InlineData("administrator", "Portal__Admin__Email", "nobody", "name@example.com")]
    [InlineData("administrator", "Portal__Admin__Password", "only half of it", "belong to that administrator")]
    [InlineData("key of the secrets", "Portal__Security__KeyEncryptionKey", "too short", "Restore the key")]
    [InlineData("settings", "Portal__Admin__Password_FILE", "/nowhere", "Correct it")]
    [InlineData("settings", "ConnectionStrings__Portal", "nonsense", "Correct it")]
    [InlineData("database", "ConnectionStrings__Portal", "Host=127.0.0.1;Port=9;Username=portal", "Check ConnectionStrings__Portal")]
    [InlineData("database", "Portal__Postgres__Binaries", "/nowhere", "names a way out")]
    public async Task A_planted_setting_is_found(string name, string variable, string value, string remedy)
    {
        var fault = Assert.Single(await FaultsAsync(1, (variable, value)));
        Assert.Equal(name, fault.Name);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file_is_found()
    {
        await File.WriteAllTextAsync(Data, "", TestContext.Current.CancellationToken);
        Assert.Contains(await FaultsAsync(1), f => f is { Name: "data directory" });
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_data_directory_without_the_right_to_write_is_found()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "root may write everywhere");
        File.SetUnixFileMode(Directory.CreateDirectory(Data).FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains(await FaultsAsync(1), f => f is { Name: "data directory" });
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_key_that_others_may_read_is_found_and_never_printed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix");
        var path = KeyFile.ReadOrMake(Data, null).Path!;
        Assert.Empty(await FaultsAsync(0));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var fault = Assert.Single(await FaultsAsync(1));
        Assert.Equal("chmod 600 " + path, fault.Remedy);
        var outcome = await CommandLine.RunAsync(new Dictionary<string, string?> { ["Portal__DataDirectory"] = Data }, "doctor", "--json");
        Assert.DoesNotContain((await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Trim(), outcome.Out + outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_key_file_is_found()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(KeyFile.PathIn(Data), "garbage", TestContext.Current.CancellationToken);
        Assert.Contains(await FaultsAsync(1), f => f is { Name: "key of the secrets" });
    }

    [Fact]
    public async Task Pending_migrations_are_found()
    {
        var cancel = TestContext.Current.CancellationToken;
        var database = await servers.FilledAsync();
        Assert.Empty(await FaultsAsync(0, ("ConnectionStrings__Portal", database)));
        await using (var db = new PortalContext(ContextOptions.Standalone(database)))
        {
            await db.Database.MigrateAsync(db.Database.GetMigrations().ToList()[^2], cancel);
        }

        var fault = Assert.Single(await FaultsAsync(1, ("ConnectionStrings__Portal", database)));
        Assert.Contains("1 migrations are pending", fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_does_not_open_the_secrets_of_the_database_is_found()
    {
        var database = await servers.FilledAsync();
        await BackupServers.SealAsync(database, KeyFile.ReadOrMake(Path.Combine(_folder, "elsewhere"), null));
        Assert.Contains("portal.key is missing", Assert.Single(await FaultsAsync(1, ("ConnectionStrings__Portal", database))).Text, StringComparison.Ordinal);
        KeyFile.ReadOrMake(Data, null);
        Assert.Contains("Put the right key there", Assert.Single(await FaultsAsync(1, ("ConnectionStrings__Portal", database))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_portal_is_found()
    {
        var database = await servers.FilledAsync();
        await BackupServers.RunAsync(database, "INSERT INTO portal.migrations VALUES ('20991231000000_FromTheFuture', '99')");
        Assert.Contains("newer portal", Assert.Single(await FaultsAsync(1, ("ConnectionStrings__Portal", database))).Text, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Missing_programs_are_found()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses symbolic links");
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "dotnet")).First(File.Exists);
        var outcome = await CommandLine.RunAsync(dotnet, new Dictionary<string, string?> { ["Portal__DataDirectory"] = Data, ["PATH"] = "/nowhere" }, "doctor", "--json");
        Assert.Equal(1, outcome.Code);
        var faults = Faults(outcome.Out).Select(f => f.Name).ToList();
        Assert.Contains("Node.js", faults);
        Assert.Contains("npm", faults);
    }

    private async Task<List<(string Name, string Text, string Remedy)>> FaultsAsync(int code, params (string Name, string Value)[] planted)
    {
        var environment = new Dictionary<string, string?> { ["Portal__DataDirectory"] = Data };
        foreach (var (name, value) in planted)
        {
            environment[name] = value;
        }

        var outcome = await CommandLine.RunAsync(environment, "doctor", "--json");
        Assert.True(code == outcome.Code, outcome.Out + outcome.Error);
        return Faults(outcome.Out);
    }

    private static List<(string Name, string Text, string Remedy)> Faults(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("findings").EnumerateArray()
            .Where(f => f.GetProperty("verdict").GetString() == "fault")
            .Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("text").GetString()!, f.GetProperty("remedy").GetString()!))];
    }
}
