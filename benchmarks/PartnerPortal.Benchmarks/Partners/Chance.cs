namespace PartnerPortal.Benchmarks.Partners;

/// <summary>Numbers that look accidental and are the same on every machine and runtime (SplitMix64).</summary>
internal sealed class Chance(long seed)
{
    private ulong _state = (ulong)seed;

    public int Below(int end)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)end);
    }

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
