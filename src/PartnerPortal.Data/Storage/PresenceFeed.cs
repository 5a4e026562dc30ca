using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PartnerPortal.Data.Storage;

/// <summary>Somebody who has a page open.</summary>
/// <param name="Subject">What the page shows: the id of a review.</param>
/// <param name="Seat">The open page; a person may have several.</param>
/// <param name="PersonId">Who.</param>
/// <param name="Name">What people call them.</param>
/// <param name="PartnerId">Set for a guest: the partner's engineer.</param>
/// <param name="Item">The part of the page that they are in; null: in none.</param>
public sealed record PresentPerson(Guid Subject, Guid Seat, Guid PersonId, string Name, Guid? PartnerId, string? Item);

/// <summary>Who else is on a page, in every portal process on this database: PostgreSQL's NOTIFY on a channel of its own, nothing stored.</summary>
/// <remarks>Every page says every 5 s that it is there and is forgotten 12 s after it was heard last. A database that is away only pauses this.</remarks>
public sealed class PresenceFeed(NpgsqlDataSource source, TimeProvider clock, ILogger<PresenceFeed> log) : BackgroundService
{
    /// <summary>The channel on which pages are announced.</summary>
    public const string Channel = "portal_presence";

    /// <summary>How often a page says that it is there.</summary>
    public static readonly TimeSpan Repeat = TimeSpan.FromSeconds(5);

    /// <summary>How long a page is remembered after it was heard last.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(12);

    /// <summary>The most pages that are remembered; more are not shown.</summary>
    public const int Most = 2000;

    private const int LongestName = 80;
    private readonly ConcurrentDictionary<Guid, PresenceSeat> _seats = new();
    private readonly ConcurrentDictionary<Guid, (PresentPerson Person, long At)> _heard = new();
    private readonly ConcurrentQueue<Said> _toSay = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Announces a page until the seat is disposed.</summary>
    /// <param name="person">Who is where.</param>
    /// <param name="changed">Called when others on the same subject come, move or go; must return at once.</param>
    public PresenceSeat Enter(PresentPerson person, Action changed)
    {
        var seat = new PresenceSeat(this, person with { Name = person.Name.Length > LongestName ? person.Name[..LongestName] : person.Name }, changed);
        _seats[person.Seat] = seat;
        _wanted.TrySetResult();
        Say(new("hello", seat.Person));
        return seat;
    }

    /// <summary>Everybody on a subject, one's own seats apart, in the order of their names.</summary>
    public IReadOnlyList<PresentPerson> On(Guid subject, Guid exceptPerson) =>
    [
        .. _heard.Values.Where(h => h.Person.Subject == subject && h.Person.PersonId != exceptPerson && clock.GetElapsedTime(h.At) < Remembered)
            .Select(h => h.Person).OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(p => p.Seat),
    ];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A process whose pages show nobody needs no connection for it.
            await _wanted.Task.WaitAsync(stoppingToken);
            await Task.WhenAll(KeepAsync(ListenAsync, stoppingToken), KeepAsync(SpeakAsync, stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    internal void Moved(PresentPerson person) => Say(new("here", person));

    internal void Left(PresentPerson person)
    {
        _seats.TryRemove(person.Seat, out _);
        Say(new("gone", person));
    }

    private async Task KeepAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await work(cancel);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException && !cancel.IsCancellationRequested)
            {
                log.LogDebug("Who is on a page is not known for the moment: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notification += (_, e) => Hear(e.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancel);
        }

        // Others answer a greeting at once, so nobody waits for their next round.
        foreach (var seat in _seats.Values)
        {
            Say(new("hello", seat.Person));
        }

        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }

    private async Task SpeakAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (!await _wake.WaitAsync(Repeat, cancel) || _toSay.IsEmpty)
            {
                foreach (var seat in _seats.Values)
                {
                    _toSay.Enqueue(new("here", seat.Person));
                }

                Forget();
            }

            List<string> payloads = [];
            while (payloads.Count < 500 && _toSay.TryDequeue(out var said))
            {
                payloads.Add(JsonSerializer.Serialize(said, JsonSerializerOptions.Web));
            }

            if (payloads.Count > 0)
            {
                await using var command = source.CreateCommand($"SELECT pg_notify('{Channel}', said) FROM unnest($1) AS said");
                command.Parameters.Add(new() { Value = payloads.Distinct().ToArray() });
                await command.ExecuteNonQueryAsync(cancel);
            }
        }
    }

    private void Say(Said said)
    {
        if (_toSay.Count < Most)
        {
            _toSay.Enqueue(said);
        }

        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    private void Hear(string payload)
    {
        if (Read(payload) is not { Person: { Name: not null } person } said)
        {
            return;
        }

        var known = _heard.TryGetValue(person.Seat, out var before);
        if (said.What == "gone")
        {
            _heard.TryRemove(person.Seat, out _);
            Tell(person.Subject);
            return;
        }

        if (said.What == "hello")
        {
            foreach (var seat in _seats.Values.Where(s => s.Person.Subject == person.Subject && s.Person.Seat != person.Seat))
            {
                Say(new("here", seat.Person));
            }
        }

        if (known || _heard.Count < Most)
        {
            _heard[person.Seat] = (person, clock.GetTimestamp());
        }

        if (!known || before.Person != person)
        {
            Tell(person.Subject);
        }
    }

    private void Forget()
    {
        foreach (var (seat, heard) in _heard.Where(h => clock.GetElapsedTime(h.Value.At) >= Remembered).ToList())
        {
            _heard.TryRemove(seat, out _);
            Tell(heard.Person.Subject);
        }
    }

    private void Tell(Guid subject)
    {
        foreach (var seat in _seats.Values.Where(s => s.Person.Subject == subject))
        {
            try
            {
                seat.Changed();
            }
            catch (Exception e)
            {
                log.LogError(e, "A page could not be told who else is on it");
            }
        }
    }

    private static Said? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Said>(payload, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // What: hello (somebody came), here, gone.
    private sealed record Said(string What, PresentPerson Person);
}

/// <summary>One open page's place; disposing leaves it.</summary>
public sealed class PresenceSeat : IDisposable
{
    private readonly PresenceFeed _feed;

    internal PresenceSeat(PresenceFeed feed, PresentPerson person, Action changed) => (_feed, Person, Changed) = (feed, person, changed);

    /// <summary>Who sits here, and where.</summary>
    public PresentPerson Person { get; private set; }

    internal Action Changed { get; }

    /// <summary>Everybody else on the same page.</summary>
    public IReadOnlyList<PresentPerson> Others => _feed.On(Person.Subject, Person.PersonId);

    /// <summary>Says at once that the person went to another part of the page.</summary>
    public void MoveTo(string? item)
    {
        if (item != Person.Item)
        {
            Person = Person with { Item = item is { Length: > 200 } ? item[..200] : item };
            _feed.Moved(Person);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _feed.Left(Person);
}
