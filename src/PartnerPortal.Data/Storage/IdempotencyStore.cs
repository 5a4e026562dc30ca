using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>A request with an Idempotency-Key. The actor is a token or, for somebody who signed in, the person.</summary>
public sealed record KeyedRequest(Guid Actor, string Key, string Method, string Path, byte[] BodyHash);

/// <summary>An answer that is kept for repetitions. The body is null when it was too large to keep.</summary>
public sealed record KeptAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[]? Body);

/// <summary>What is known about a key.</summary>
public enum KeyState
{
    /// <summary>Nothing, so the caller runs the request and has to finish or release it.</summary>
    Taken,

    /// <summary>The same request is running.</summary>
    Running,

    /// <summary>The same request ran; its answer is there.</summary>
    Answered,

    /// <summary>Another request used it.</summary>
    UsedOtherwise,
}

/// <summary>The answer to an attempt to take a key.</summary>
public sealed record KeyTaking(KeyState State, Guid Attempt, KeptAnswer? Answer = null);

/// <summary>Remembers requests by their Idempotency-Key, so that a repeated one is answered and not run again.</summary>
public sealed class IdempotencyStore(NpgsqlDataSource source)
{
    /// <summary>How long an answer is remembered.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    /// <summary>After this a running request is taken for one whose process died.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(1);

    /// <summary>Takes a key for a request, or tells what became of the request that has it.</summary>
    public async Task<KeyTaking> TakeAsync(KeyedRequest request, CancellationToken cancel)
    {
        var attempt = Guid.NewGuid();
        while (true)
        {
            if (await TryTakeAsync(request, attempt, cancel))
            {
                return new(KeyState.Taken, attempt);
            }

            // The row may have been released or forgotten in between: then the key is free and worth another try.
            if (await FindAsync(request, attempt, cancel) is { } found)
            {
                return found;
            }
        }
    }

    /// <summary>Keeps the answer, unless the key was taken over meanwhile.</summary>
    public async Task FinishAsync(KeyedRequest request, Guid attempt, KeptAnswer answer, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE portal.idempotency SET state = 'finished', status = $4, content_type = $5, location = $6, etag = $7, body = $8
            WHERE actor = $1 AND key = $2 AND attempt = $3
            """);
        Add(command, request.Actor, request.Key, attempt, answer.Status);
        AddText(command, answer.ContentType, answer.Location, answer.ETag);
        command.Parameters.Add(new() { Value = (object?)answer.Body ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Frees the key, since the request failed and may be tried again.</summary>
    public async Task ReleaseAsync(KeyedRequest request, Guid attempt, CancellationToken cancel)
    {
        await using var command = source.CreateCommand("DELETE FROM portal.idempotency WHERE actor = $1 AND key = $2 AND attempt = $3");
        Add(command, request.Actor, request.Key, attempt);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Forgets what is older than <see cref="Remembered"/>; answers how many.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand("DELETE FROM portal.idempotency WHERE at <= portal.now() - $1");
        Add(command, Remembered);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<bool> TryTakeAsync(KeyedRequest request, Guid attempt, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO portal.idempotency AS i (actor, key, method, path, body_hash, state, attempt, at)
            VALUES ($1, $2, $3, $4, $5, 'running', $6, portal.now())
            ON CONFLICT (actor, key) DO UPDATE SET method = $3, path = $4, body_hash = $5, state = 'running', attempt = $6, at = portal.now(),
                status = NULL, content_type = NULL, location = NULL, etag = NULL, body = NULL
            WHERE i.at <= portal.now() - $7
                OR (i.state = 'running' AND i.at <= portal.now() - $8 AND i.method = $3 AND i.path = $4 AND i.body_hash = $5)
            RETURNING true
            """);
        Add(command, request.Actor, request.Key, request.Method, request.Path, request.BodyHash, attempt, Remembered, LongestRun);
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    private async Task<KeyTaking?> FindAsync(KeyedRequest request, Guid attempt, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            """
            SELECT method = $3 AND path = $4 AND body_hash = $5, state = 'running', status, content_type, location, etag, body
            FROM portal.idempotency WHERE actor = $1 AND key = $2
            """);
        Add(command, request.Actor, request.Key, request.Method, request.Path, request.BodyHash);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
        {
            return null;
        }

        if (!reader.GetBoolean(0))
        {
            return new(KeyState.UsedOtherwise, attempt);
        }

        return reader.GetBoolean(1)
            ? new(KeyState.Running, attempt)
            : new(KeyState.Answered, attempt, new(reader.GetInt32(2), Text(3), Text(4), Text(5), reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6)));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }

    private static void AddText(NpgsqlCommand command, params string?[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        }
    }
}
