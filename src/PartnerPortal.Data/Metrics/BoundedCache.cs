using System.Diagnostics.CodeAnalysis;

namespace PartnerPortal.Data.Metrics;

/// <summary>Keeps what was used last, up to so many bytes. What it holds must never change, or be found again by another key when it did.</summary>
/// <param name="most">Bytes.</param>
/// <param name="sizeOf">How many bytes a value takes.</param>
public sealed class BoundedCache<TKey, TValue>(long most, Func<TValue, long> sizeOf)
    where TKey : notnull
{
    // Entries of lists and dictionaries cost memory as well.
    private const int Overhead = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    private sealed record Entry(TKey Key, TValue Value, long Bytes);

    /// <summary>Bytes in use.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Finds a value and counts that as a use.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                value = default;
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Keeps a value, in the place of an older one; those that were not used for longest go.</summary>
    public void Put(TKey key, TValue value)
    {
        var entry = new Entry(key, value, sizeOf(value) + Overhead);
        lock (_lock)
        {
            Drop(key);
            _entries[key] = _byUse.AddFirst(entry);
            _bytes += entry.Bytes;
            while (_bytes > most)
            {
                Drop(_byUse.Last!.Value.Key);
            }
        }
    }

    /// <summary>Forgets a value.</summary>
    public void Remove(TKey key)
    {
        lock (_lock)
        {
            Drop(key);
        }
    }

    private void Drop(TKey key)
    {
        if (_entries.Remove(key, out var node))
        {
            _byUse.Remove(node);
            _bytes -= node.Value.Bytes;
        }
    }
}
