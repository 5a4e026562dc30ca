using PartnerPortal.TimeSeries.Blocks;

namespace PartnerPortal.TimeSeries.Labels;

/// <summary>Rising numbers of series as runs: series that were entered together nearly always follow one another, so a thousand take a few bytes.</summary>
public static class SeriesNumbers
{
    /// <summary>Packs positive, rising numbers.</summary>
    public static byte[] Pack(ReadOnlySpan<int> numbers)
    {
        var runs = new RowBytes(16);
        var before = 0;
        for (var i = 0; i < numbers.Length;)
        {
            var end = i + 1;
            while (end < numbers.Length && numbers[end] == numbers[end - 1] + 1)
                end++;
            if (numbers[i] <= before)
                throw new ArgumentException("The numbers of series must be positive and rising.", nameof(numbers));
            runs.AppendNumber((ulong)(numbers[i] - before));
            runs.AppendNumber((ulong)(end - i));
            before = numbers[end - 1];
            i = end;
        }
        return runs.ToArray();
    }

    /// <summary>The numbers again.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static int[] Unpack(ReadOnlySpan<byte> packed)
    {
        var reader = new RowReader(packed);
        var numbers = new List<int>();
        var last = 0L;
        while (!reader.IsAtEnd)
        {
            var first = last + (long)Math.Min(reader.Number(), int.MaxValue);
            last = first + (long)Math.Min(reader.Number(), int.MaxValue) - 1;
            if (first < 1 || last < first || last > int.MaxValue)
                throw new InvalidDataException("Stored numbers of series are damaged.");
            for (var number = first; number <= last; number++)
                numbers.Add((int)number);
        }
        return [.. numbers];
    }
}
