using System.Globalization;
using System.Runtime.InteropServices;

namespace PartnerPortal.Web.Incidents;

/// <summary>How many requests a second one alert source may make for long; ten times as many at once. Setting <c>Portal__Incidents__IntakePerSecond</c>.</summary>
/// <param name="PerSecond">Requests a second, 1 to 100,000.</param>
public sealed record IntakePace(int PerSecond)
{
    private const int Usual = 200;

    /// <summary>Reads the setting; absent: 200.</summary>
    /// <exception cref="FormatException">It is no such number; the message names the setting.</exception>
    public static IntakePace Read(string? setting) => string.IsNullOrWhiteSpace(setting) ? new(Usual)
        : int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 100_000 ? new(count)
        : throw new FormatException($"Portal__Incidents__IntakePerSecond: \"{setting}\" is not a number from 1 to 100000.");
}

/// <summary>How often intakes may be asked. Counted in this process: of several portals each takes as much.</summary>
public sealed class IntakeLimits(IntakePace pace, TimeProvider clock)
{
    /// <summary>Wrong secrets of one address in a minute.</summary>
    public const int Misses = 20;

    private const int Burst = 10;
    private readonly Buckets<Guid> _posts = new(pace.PerSecond, pace.PerSecond * (double)Burst, clock);
    private readonly Buckets<string> _misses = new(Misses / 60.0, Misses, clock);

    /// <summary>Counts a request of a source; not null: it is one too many, and this is how long to wait.</summary>
    public TimeSpan? Post(Guid source) => _posts.Take(source);

    /// <summary>Counts a wrong secret of an address; not null: it is one too many, and this is how long to wait.</summary>
    public TimeSpan? Miss(string address) => _misses.Take(address);

    /// <summary>Token buckets by key. Full ones are forgotten, since a new one is full as well.</summary>
    private sealed class Buckets<TKey>(double perSecond, double most, TimeProvider clock)
        where TKey : notnull
    {
        private const int MostKept = 20_000;
        private readonly Lock _lock = new();
        private readonly Dictionary<TKey, (double Left, DateTimeOffset At)> _left = [];

        public TimeSpan? Take(TKey key)
        {
            var now = clock.GetUtcNow();
            lock (_lock)
            {
                if (_left.Count >= MostKept && !_left.ContainsKey(key) && !Forget(now))
                {
                    return TimeSpan.FromSeconds(1 / perSecond);
                }

                ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_left, key, out var known);
                var left = known ? Now(bucket, now) : most;
                bucket = (left < 1 ? left : left - 1, now);
                return left < 1 ? TimeSpan.FromSeconds((1 - left) / perSecond) : null;
            }
        }

        private bool Forget(DateTimeOffset now)
        {
            foreach (var (key, _) in _left.Where(b => Now(b.Value, now) >= most).ToList())
            {
                _left.Remove(key);
            }

            return _left.Count < MostKept;
        }

        private double Now((double Left, DateTimeOffset At) bucket, DateTimeOffset now) => Math.Min(most, bucket.Left + (Math.Max(0, (now - bucket.At).TotalSeconds) * perSecond));
    }
}
