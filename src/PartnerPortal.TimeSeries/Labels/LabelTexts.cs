using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PartnerPortal.TimeSeries.Labels;

/// <summary>
/// One string per text of a label, whoever reads it: thousands of series of hundreds of services repeat the same few names and
/// values. What nobody asked for while many others were is let go, so labels that never come back cost nothing for long.
/// Safe for use by several threads at once.
/// </summary>
public sealed class LabelTexts
{
    private const int Most = 50_000;
    private ConcurrentDictionary<byte[], string> _texts = new(Utf8.Comparer);
    private ConcurrentDictionary<byte[], string> _before = new(Utf8.Comparer);
    private int _count;

    /// <summary>The texts of this process.</summary>
    public static LabelTexts Shared { get; } = new();

    /// <summary>How many texts are remembered at most, with those that are about to be let go.</summary>
    public static int MostRemembered => 2 * Most;

    /// <summary>The text of these UTF-8 bytes.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (_texts.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(utf8, out var known))
            return known;
        return Keep(utf8, _before.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(utf8, out known) ? known : Encoding.UTF8.GetString(utf8));
    }

    private string Keep(ReadOnlySpan<byte> utf8, string text)
    {
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Exchange(ref _count, 0);
            _before = Interlocked.Exchange(ref _texts, new(Utf8.Comparer));
        }
        return _texts.GetOrAdd(utf8.ToArray(), text);
    }

    private sealed class Utf8 : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8 Comparer = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // Seeded per process by HashCode itself: a service cannot choose labels that all collide.
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
