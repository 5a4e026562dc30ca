namespace PartnerPortal.Web.Access;

/// <summary>How often somebody may try to sign in. Counts tries before they are checked, so that a burst gains nothing, and forgives an account once its person came in.</summary>
/// <remarks>Per process: two portals on one database allow twice as many tries. Passkeys and OpenID Connect are not counted, so nobody can lock a colleague out of them.</remarks>
public sealed class SignInLimits(TimeProvider clock)
{
    /// <summary>Length of the window in which tries are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Tries on one account in one window.</summary>
    public const int PerAccount = 10;

    /// <summary>Failed tries from one address in one window; an office behind one address is many people.</summary>
    public const int PerAddress = 100;

    private const int Kept = 20_000;
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> _tries = [];
    private readonly Lock _lock = new();

    /// <summary>Counts a try; says how long to wait when there were too many, else null.</summary>
    public TimeSpan? Try(string account, string? address)
    {
        lock (_lock)
        {
            Forget();
            var (first, second) = (Count("account " + account.Trim().ToUpperInvariant(), PerAccount), Count("address " + address, PerAddress));
            return first > second ? first : second ?? first;
        }
    }

    /// <summary>Forgives the account after its person came in.</summary>
    public void Forgive(string account, string? address)
    {
        lock (_lock)
        {
            _tries.Remove("account " + account.Trim().ToUpperInvariant());
            if (_tries.TryGetValue("address " + address, out var counted) && counted.Count > 0)
            {
                _tries["address " + address] = counted with { Count = counted.Count - 1 };
            }
        }
    }

    private TimeSpan? Count(string key, int most)
    {
        var now = clock.GetUtcNow();
        var (since, count) = _tries.TryGetValue(key, out var known) && now - known.Since < Window ? known : (now, 0);
        _tries[key] = (since, count + 1);
        return count < most ? null : since + Window - now;
    }

    private void Forget()
    {
        if (_tries.Count < Kept)
        {
            return;
        }

        var now = clock.GetUtcNow();
        foreach (var (key, _) in _tries.Where(t => now - t.Value.Since >= Window).ToList())
        {
            _tries.Remove(key);
        }

        if (_tries.Count >= Kept)
        {
            _tries.Clear(); // a flood of invented accounts; the address limit starts anew, memory stays bounded
        }
    }
}
