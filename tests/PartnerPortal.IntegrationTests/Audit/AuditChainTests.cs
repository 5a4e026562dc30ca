using System.Globalization;
using Npgsql;
using PartnerPortal.Data.Audit;
using PartnerPortal.Data.Partners;
using PartnerPortal.Domain.Audit;
using PartnerPortal.Domain.Partners;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Audit;

/// <summary>The chain of the audit log, and what verification says after somebody with all rights over the database has been at it.</summary>
public sealed class AuditChainTests(TestServer server) : IAsyncLifetime
{
    private readonly TestDatabase _database = new(server);
    private AuditChain _chain = null!;
    private AuditHead _head = AuditHead.Empty;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _chain = _database.Get<AuditChain>();
        for (var i = 0; i < 10; i++)
        {
            await EnterPartnerAsync();
        }

        _head = await _chain.ChainAsync(Cancel);
        // What a database administrator can do and the portal's own role cannot.
        await _database.RunAsync("ALTER TABLE audit.entries DISABLE TRIGGER ALL");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task An_untouched_log_is_good_and_its_rows_stand_without_gaps()
    {
        Assert.True(_head.Position >= 10);
        var verdict = await VerifyAsync();
        Assert.Null(verdict.Bad);
        Assert.Equal((_head.Position, 0L, _head), (verdict.Rows, verdict.Waiting, verdict.Head));
    }

    [Fact]
    public async Task A_row_that_commits_late_behind_newer_ids_comes_next_and_is_not_skipped()
    {
        await using var late = new NpgsqlConnection(_database.ConnectionString);
        await late.OpenAsync(Cancel);
        await using var open = await late.BeginTransactionAsync(Cancel);
        await using (var insert = new NpgsqlCommand(
            "INSERT INTO audit.entries (id, at, actor_name, through, kind, subject_id, title, action) SELECT '00000000-0000-7000-8000-000000000001', at, 'late', through, kind, subject_id, title, action FROM audit.entries WHERE position = 1", late))
        {
            await insert.ExecuteNonQueryAsync(Cancel);
        }

        await EnterPartnerAsync();
        var before = await _chain.ChainAsync(Cancel);
        await open.CommitAsync(Cancel);
        var after = await _chain.ChainAsync(Cancel);

        Assert.Equal(before.Position + 1, after.Position);
        Assert.Equal("late", await _database.AskAsync<string>("SELECT actor_name FROM audit.entries WHERE position = $1", after.Position));
        Assert.Null((await VerifyAsync()).Bad);
    }

    [Fact]
    public async Task Many_chainers_at_once_give_every_row_one_place()
    {
        for (var i = 0; i < 30; i++)
        {
            await EnterPartnerAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _chain.ChainAsync(Cancel)));
        var verdict = await VerifyAsync();
        Assert.Null(verdict.Bad);
        Assert.Equal(0, verdict.Waiting);
    }

    [Theory]
    [InlineData("UPDATE audit.entries SET after = jsonb_set(after, '{name}', '\"Other\"') WHERE position = 4", 4, AuditFault.Changed)]
    [InlineData("UPDATE audit.entries SET actor_name = 'li@example.com' WHERE position = 1", 1, AuditFault.Changed)]
    [InlineData("UPDATE audit.entries SET at = at - interval '1 microsecond' WHERE position = 7", 7, AuditFault.Changed)]
    [InlineData("DELETE FROM audit.entries WHERE position = 5", 5, AuditFault.Missing)]
    [InlineData("DELETE FROM audit.entries WHERE position = 1", 1, AuditFault.Missing)]
    [InlineData("UPDATE audit.entries SET hash = sha256('x') WHERE position = 6", 6, AuditFault.BrokenHash)]
    [InlineData("UPDATE audit.entries SET hash = NULL WHERE position = 6", 6, AuditFault.BrokenHash)]
    [InlineData("UPDATE audit.entries SET position = 0 WHERE position = 3", 0, AuditFault.Foreign)]
    public async Task Verification_names_the_first_bad_row(string tampering, long position, AuditFault fault)
    {
        await _database.RunAsync(tampering);
        var verdict = await VerifyAsync();
        Assert.Equal((position, fault), (verdict.Bad!.Position, verdict.Bad.Fault));
        Assert.Contains(position.ToString(CultureInfo.InvariantCulture), verdict.Bad.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_changed_places_are_told_from_changed_rows()
    {
        await _database.RunAsync(
            """
            UPDATE audit.entries SET position = -1 WHERE position = 3;
            UPDATE audit.entries SET position = 3 WHERE position = 8;
            UPDATE audit.entries SET position = 8 WHERE position = -1;
            """);
        var bad = (await VerifyAsync()).Bad!;
        Assert.Equal((3L, AuditFault.Moved), (bad.Position, bad.Fault));
        Assert.Contains("moved to place 8", bad.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_cut_off_at_the_end_are_seen_by_the_head()
    {
        await _database.RunAsync("DELETE FROM audit.entries WHERE position > 8");
        var bad = (await VerifyAsync()).Bad!;
        Assert.Equal((9L, AuditFault.Missing), (bad.Position, bad.Fault));
        // The next change must not paper over it.
        await EnterPartnerAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _chain.ChainAsync(Cancel));
    }

    [Fact]
    public async Task A_turned_back_head_is_seen_by_a_head_written_down_elsewhere()
    {
        await _database.RunAsync(
            """
            DELETE FROM audit.entries WHERE position > 8;
            UPDATE audit.heads SET position = 8, hash = (SELECT hash FROM audit.entries WHERE position = 8);
            """);
        Assert.Null((await VerifyAsync()).Bad);
        var bad = (await VerifyAsync(_head)).Bad!;
        Assert.Equal((9L, AuditFault.Missing), (bad.Position, bad.Fault));
    }

    [Fact]
    public async Task A_log_rewritten_with_all_its_hashes_contradicts_a_head_written_down_elsewhere()
    {
        await _database.RunAsync(
            """
            UPDATE audit.entries SET title = 'Nothing happened' WHERE position = 4;
            UPDATE audit.entries SET position = NULL, hash = NULL;
            DELETE FROM audit.heads;
            """);
        await _chain.ChainAsync(Cancel);
        Assert.Null((await VerifyAsync()).Bad);
        var bad = (await VerifyAsync(_head)).Bad!;
        Assert.Equal((_head.Position, AuditFault.Rewritten), (bad.Position, bad.Fault));
    }

    [Fact]
    public async Task The_portal_itself_cannot_change_the_log()
    {
        await _database.RunAsync("ALTER TABLE audit.entries ENABLE TRIGGER ALL");
        foreach (var tampering in new[] { "UPDATE audit.entries SET title = 'x'", "DELETE FROM audit.entries", "TRUNCATE audit.entries", "UPDATE audit.entries SET position = position + 100" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.RunAsync(tampering));
            Assert.Contains("only grows", refused.MessageText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_head_beside_the_database_is_never_turned_back()
    {
        var folder = Directory.CreateTempSubdirectory("portal-head-").FullName;
        try
        {
            var file = new AuditHeadFile(folder);
            Assert.Null(file.Read());
            file.Write(_head);
            file.Write(_head with { Position = 3 });
            Assert.Equal(_head, file.Read());
            file.SetAside();
            Assert.Null(file.Read());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<AuditVerdict> VerifyAsync(params AuditHead[] written) => _database.Get<AuditVerification>().VerifyAsync(written, Cancel);

    private Task<Partner> EnterPartnerAsync() => _database.Get<PartnerStore>().EnterAsync(new("P " + Guid.NewGuid()), null, TestDatabase.Ana, Cancel);
}
