using Npgsql;

namespace PartnerPortal.TestKit;

/// <summary>A clock that stands still until a test moves it: <see cref="TimeProvider"/> and <c>portal.now()</c> together. Timers run on real time.</summary>
public sealed class TestClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private NpgsqlDataSource? _source;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Moves by a length of time.</summary>
    public Task MoveAsync(TimeSpan by) => MoveToAsync(_now + by);

    /// <summary>Moves to a moment, for the program and for the database.</summary>
    public async Task MoveToAsync(DateTimeOffset to)
    {
        _now = to.ToUniversalTime();
        await using var command = _source!.CreateCommand("UPDATE portal.test_clock SET at = $1");
        command.Parameters.Add(new() { Value = _now });
        await command.ExecuteNonQueryAsync();
    }

    internal async Task AttachAsync(NpgsqlDataSource source)
    {
        _source = source;
        await using (var command = source.CreateCommand(
            """
            CREATE TABLE portal.test_clock (at timestamptz NOT NULL);
            INSERT INTO portal.test_clock VALUES (pg_catalog.now());
            CREATE OR REPLACE FUNCTION portal.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM portal.test_clock';
            """))
        {
            await command.ExecuteNonQueryAsync();
        }

        await MoveToAsync(_now);
    }
}
