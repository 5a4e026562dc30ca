namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>Bytes while they are written.</summary>
internal sealed class RowBytes(int expected)
{
    private byte[] _bytes = new byte[Math.Max(expected, 16)];
    private int _length;

    public ref byte this[int at] => ref _bytes[at];

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Append(byte one)
    {
        if (_length == _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        _bytes[_length++] = one;
    }

    /// <summary>A number in groups of seven bits, small ones short.</summary>
    public void AppendNumber(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Append((byte)(value | 0x80));
        Append((byte)value);
    }

    /// <summary>Zeros that are filled in later; says where they begin.</summary>
    public int Reserve(int count)
    {
        Take(count).Clear();
        return _length - count;
    }

    /// <summary>The next bytes, to be filled at once.</summary>
    public Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }

    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Leaves out zeros at the end.</summary>
    public void TrimZeros()
    {
        while (_length > 0 && _bytes[_length - 1] == 0)
            _length--;
    }

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();
}

/// <summary>Reads what <see cref="RowBytes"/> wrote; too few bytes are an <see cref="InvalidDataException"/>.</summary>
internal ref struct RowReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly int At => _at;

    public readonly bool IsAtEnd => _at == _bytes.Length;

    public ReadOnlySpan<byte> Rest() => Bytes(_bytes.Length - _at);

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (_bytes.Length - _at < count)
            throw new InvalidDataException("Stored samples end too early.");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException("A number in stored samples does not end.");
    }
}
