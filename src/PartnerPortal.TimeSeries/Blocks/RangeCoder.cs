using System.Runtime.CompilerServices;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// Writes yes-or-no decisions in as many bits as they are surprising (range coding: Martin, "Range encoding", 1979; carries as
/// in Lempel-Ziv-Markov coding).
/// </summary>
internal sealed class RangeWriter
{
    private const uint Smallest = 1 << 24;

    private byte[] _bytes = new byte[256];
    private int _length;
    private ulong _low;
    private uint _range = uint.MaxValue;
    private byte _held;
    private int _holding = 1;
    private bool _begun;

    /// <summary>How many bytes there are so far, some still held back.</summary>
    public int Length => _length + _holding;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(bool bit, ref uint chance)
    {
        var bound = (uint)(((ulong)_range * Chance.Of(chance)) >> 16);
        if (bit)
        {
            _range = bound;
        }
        else
        {
            _low += bound;
            _range -= bound;
        }
        Chance.Learn(ref chance, bit);
        while (_range < Smallest)
        {
            _range <<= 8;
            Shift();
        }
    }

    /// <summary>Bits that nothing is known about, at most 64.</summary>
    public void WriteRaw(ulong value, int bits)
    {
        for (; bits > 0; bits -= Math.Min(bits, 16))
        {
            var now = Math.Min(bits, 16);
            _range >>= now;
            _low += _range * ((value >> (bits - now)) & ((1UL << now) - 1));
            while (_range < Smallest)
            {
                _range <<= 8;
                Shift();
            }
        }
    }

    /// <summary>Ends the writing; zeros at the end are left out, since the reader takes what is missing for zeros.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        // Of all numbers that decode alike the one with most zeros at its end.
        for (var zeros = 32; zeros > 0; zeros--)
        {
            var mask = (1UL << zeros) - 1;
            var rounded = (_low + mask) & ~mask;
            if (rounded - _low >= _range)
                continue;
            _low = rounded;
            break;
        }
        for (var i = 0; i < 5; i++)
            Shift();
        while (_length > 0 && _bytes[_length - 1] == 0)
            _length--;
        return _bytes.AsSpan(0, _length);
    }

    /// <summary>Puts out the topmost byte; one of all ones waits until it is known whether a carry reaches it.</summary>
    private void Shift()
    {
        if (_low < 0xff000000 || _low > uint.MaxValue)
        {
            var carry = (byte)(_low >> 32);
            for (var one = _held; _holding > 0; one = 0xff, _holding--)
                Append((byte)(one + carry));
            _held = (byte)(_low >> 24);
        }
        _holding++;
        _low = (_low & 0x00ffffff) << 8;
    }

    private void Append(byte one)
    {
        // The very first byte is always zero.
        if (!_begun)
        {
            _begun = true;
            return;
        }
        if (_length == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        _bytes[_length++] = one;
    }
}

/// <summary>Reads what <see cref="RangeWriter"/> wrote. Damaged bytes give other decisions, never foreign memory.</summary>
internal ref struct RangeReader
{
    private const uint Smallest = 1 << 24;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;
    private uint _range = uint.MaxValue;
    private uint _code;

    public RangeReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        for (var i = 0; i < 4; i++)
            _code = (_code << 8) | Next();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(ref uint chance)
    {
        var bound = (uint)(((ulong)_range * Chance.Of(chance)) >> 16);
        var bit = _code < bound;
        if (bit)
        {
            _range = bound;
        }
        else
        {
            _code -= bound;
            _range -= bound;
        }
        Chance.Learn(ref chance, bit);
        if (_range < Smallest)
            Refill();
        return bit;
    }

    public ulong ReadRaw(int bits)
    {
        ulong value = 0;
        for (; bits > 0; bits -= Math.Min(bits, 16))
        {
            var now = Math.Min(bits, 16);
            _range >>= now;
            var part = Math.Min(_code / _range, (1u << now) - 1);
            _code -= part * _range;
            value = (value << now) | part;
            if (_range < Smallest)
                Refill();
        }
        return value;
    }

    private void Refill()
    {
        do
        {
            _range <<= 8;
            _code = (_code << 8) | Next();
        }
        while (_range < Smallest);
    }

    private uint Next() => _at < _bytes.Length ? _bytes[_at++] : 0u;
}

/// <summary>How likely a yes is, learnt from the decisions before it: fast at first, then steadily. 16 bits of likelihood over 16 bits of experience.</summary>
internal static class Chance
{
    /// <summary>Nothing known yet.</summary>
    public const uint Even = 0x8000u << 16;

    private const int MostExperience = 250;
    private const int Surest = 40;

    private static readonly int[] _steps = [.. Enumerable.Range(0, MostExperience + 1).Select(n => (int)(32768 / (n + 1.6)))];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint chance) => Math.Clamp(chance >> 16, Surest, 65536 - Surest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Learn(ref uint chance, bool bit)
    {
        var seen = (int)(chance & 0xffff);
        var likely = (int)(chance >> 16);
        likely += (((bit ? 65535 : 0) - likely) * _steps[seen]) >> 15;
        chance = ((uint)likely << 16) | (uint)Math.Min(seen + 1, MostExperience);
    }
}
