using System.Globalization;

namespace PartnerPortal.SamplePartner;

internal sealed record FaultRequest(string? Kind, string? For);

internal sealed record Fault(string Kind, DateTimeOffset StartedAt, DateTimeOffset EndsAt);

/// <summary>
/// What is broken on purpose, and from when to when; the past is kept, because the shoppers
/// are worked out afterwards for the seconds that nobody looked at.
/// </summary>
internal sealed class Faults(TimeProvider clock)
{
    public const string Outage = "outage";
    public const string Slow = "slow";
    public const string Errors = "errors";
    public const string DeclinePurchases = "decline purchases";
    public const string MetricsDown = "metrics down";
    public const string BadMetrics = "bad metrics";
    public const string Network = "network";

    /// <summary>How many calls of a hundred fail under <see cref="Errors"/>.</summary>
    public const int ErrorPercent = 40;

    /// <summary>How many calls of a hundred get lost under <see cref="Network"/>.</summary>
    public const int LostPercent = 60;

    /// <summary>How much longer everything takes under <see cref="Slow"/>.</summary>
    public const double Slowdown = 15;

    public static readonly IReadOnlyList<string> Kinds = [Outage, Slow, Errors, DeclinePurchases, MetricsDown, BadMetrics, Network];

    private readonly Lock _door = new();
    private readonly List<Fault> _faults = [];
    private readonly Dictionary<string, int> _calls = [];

    public IReadOnlyList<Fault> Active() => At(clock.GetUtcNow());

    public IReadOnlyList<Fault> At(DateTimeOffset instant)
    {
        lock (_door)
        {
            return [.. _faults.Where(fault => fault.StartedAt <= instant && instant < fault.EndsAt)];
        }
    }

    public bool IsOn(string kind) => Active().Any(fault => fault.Kind == kind);

    /// <summary>Starts a fault; one of the same kind that is running gets the new end.</summary>
    public Fault Start(string kind, TimeSpan length)
    {
        var now = clock.GetUtcNow();
        lock (_door)
        {
            _faults.RemoveAll(fault => fault.EndsAt < now - Shoppers.LongestCatchUp);
            var running = _faults.Find(fault => fault.Kind == kind && now < fault.EndsAt);
            if (running is not null)
            {
                _faults.Remove(running);
            }
            var fault = new Fault(kind, running?.StartedAt ?? now, now + length);
            _faults.Add(fault);
            return fault;
        }
    }

    public void MendAll()
    {
        var now = clock.GetUtcNow();
        lock (_door)
        {
            for (var i = 0; i < _faults.Count; i++)
            {
                _faults[i] = _faults[i].EndsAt > now ? _faults[i] with { EndsAt = now } : _faults[i];
            }
        }
    }

    /// <summary>True for <paramref name="percent"/> of every hundred calls, evenly spread and the same on every run.</summary>
    public bool Strikes(string kind, int percent)
    {
        if (!IsOn(kind))
        {
            return false;
        }
        lock (_door)
        {
            var n = _calls[kind] = _calls.GetValueOrDefault(kind) + 1;
            return n * percent / 100 > (n - 1) * percent / 100;
        }
    }

    /// <summary>Reads "30s", "10m", "2h"; null when it is none of these or longer than a day.</summary>
    public static TimeSpan? ReadLength(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }
        var seconds = text[^1] switch { 's' => 1L, 'm' => 60L, 'h' => 3600L, _ => 0L } * number;
        return seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }
}

internal static class FaultsEndpoints
{
    public static void MapFaults(this IEndpointRouteBuilder app)
    {
        app.MapGet("/faults", (Faults faults) => Results.Ok(new { items = faults.Active(), kinds = Faults.Kinds }));
        app.MapPost("/faults", (Faults faults, FaultRequest request) =>
        {
            var kind = request.Kind?.Trim().Replace('-', ' ').ToLowerInvariant();
            if (kind is null || !Faults.Kinds.Contains(kind))
            {
                return Results.Problem($"kind must be one of: {string.Join(", ", Faults.Kinds)}.", statusCode: 422, title: "Unknown fault");
            }
            return Faults.ReadLength(request.For ?? "10m") is { } length
                ? Results.Json(faults.Start(kind, length), statusCode: 201)
                : Results.Problem("for must be a time such as 30s, 10m or 2h, at most 24h.", statusCode: 422, title: "Bad length");
        });
        app.MapDelete("/faults", (Faults faults) =>
        {
            faults.MendAll();
            return Results.NoContent();
        });
    }
}
