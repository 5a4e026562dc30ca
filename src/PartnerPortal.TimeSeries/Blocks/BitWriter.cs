using System.Runtime.CompilerServices;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>Appends bits, most significant first, to a growing buffer.</summary>
internal sealed class BitWriter
{
    private byte[] _bytes = new byte[4096];
    private ulong _pending;
    private int _pendingBits;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Write(ulong value, int bits)
    {
        if (bits > 32)
        {
            Write(value >> 32, bits - 32);
            bits = 32;
        }
        if (bits == 0)
            return;
        _pending = (_pending << bits) | (value & (ulong.MaxValue >> (64 - bits)));
        _pendingBits += bits;
        while (_pendingBits >= 8)
        {
            _pendingBits -= 8;
            Append((byte)(_pending >> _pendingBits));
        }
    }

    /// <summary>A number in groups of seven bits, small ones short.</summary>
    public void WriteNumber(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Write((value & 0x7f) | 0x80, 8);
        Write(value, 8);
    }

    /// <summary>Fills up to a whole byte with zeros.</summary>
    public void Align() => Write(0, (8 - _pendingBits) & 7);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            Append(one);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(byte one)
    {
        if (Length == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        _bytes[Length++] = one;
    }
}
