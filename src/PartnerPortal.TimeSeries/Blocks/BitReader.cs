using System.Numerics;
using System.Runtime.CompilerServices;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>Reads what <see cref="BitWriter"/> wrote. Reading past the end is an <see cref="InvalidDataException"/>, never foreign memory.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private ulong _pending;
    private int _pendingBits;
    private int _at;

    /// <summary>Bytes that were begun; exact after an aligned write.</summary>
    public readonly int BytesRead => _at - _pendingBits / 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read(int bits)
    {
        if (bits > 32)
            return (Read(bits - 32) << 32) | Read(32);
        if (bits == 0)
            return 0;
        if (_pendingBits < bits)
            Fill(bits);
        var value = _pending >> (64 - bits);
        _pending <<= bits;
        _pendingBits -= bits;
        return value;
    }

    /// <summary>Counts zeros up to a one, at most <paramref name="most"/>; the one is consumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadZeros(int most)
    {
        if (_pendingBits <= most)
            Fill(1);
        var zeros = BitOperations.LeadingZeroCount(_pending);
        if (zeros >= most)
        {
            Skip(most);
            return most;
        }
        Skip(zeros + 1);
        return zeros;
    }

    public ulong ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Read(8);
            if (shift > 63)
                throw new InvalidDataException("A number in a block of samples does not end.");
            value |= (part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }

    public void Align() => Skip(_pendingBits & 7);

    private void Skip(int bits)
    {
        if (bits > _pendingBits)
            throw new InvalidDataException("A block of samples ends too early.");
        _pending <<= bits;
        _pendingBits -= bits;
    }

    private void Fill(int needed)
    {
        while (_pendingBits <= 56 && _at < _bytes.Length)
        {
            _pending |= (ulong)_bytes[_at++] << (56 - _pendingBits);
            _pendingBits += 8;
        }
        if (_pendingBits < needed)
            throw new InvalidDataException("A block of samples ends too early.");
    }
}
