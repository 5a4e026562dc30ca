using System.Buffers.Binary;

namespace PartnerPortal.TimeSeries.Blocks;

/// <summary>
/// Dense columns as bytes. Each begins with a byte (kind in bits 0–1, how far back the column it is told against in bits 2–3,
/// whether it is told as the distance from that in bit 4, whether absences follow in bit 5) and the length of what follows.
/// </summary>
internal static class DenseBytes
{
    private const int TriedNumbers = 1024;
    private const int MostInChain = 40;

    /// <summary>Writes a column; <paramref name="before"/> holds the columns before it, nearest first, with the length of their chains. Says how far back it leans, 0 for not at all.</summary>
    public static int Write(RowBytes to, DenseColumn column, IReadOnlyList<(DenseColumn Column, int Chain)> before)
    {
        var payload = new RowBytes(64);
        if (column.Present is not null)
            WritePresent(payload, column.Present);
        var (back, distance) = (0, false);
        if (column.Kind == DenseKind.Constant)
        {
            BinaryPrimitives.WriteInt64BigEndian(payload.Take(8), column.Numbers[0]);
            payload.TrimZeros();
        }
        else if (column.Moves)
        {
            (back, distance) = Choose(column, before);
            payload.Append(Numbers(column, back == 0 ? null : before[back - 1].Column, distance, int.MaxValue));
        }
        to.Append((byte)((int)column.Kind | back << 2 | (distance ? 0x10 : 0) | (column.Present is null ? 0 : 0x20)));
        to.AppendNumber((ulong)payload.Length);
        to.Append(payload.Written);
        return back;
    }

    /// <summary>Reads the last of several columns that follow one another in the bytes, with those that it leans on.</summary>
    public static DenseColumn ReadLast(ReadOnlySpan<byte> bytes, int instants)
    {
        var found = new List<(byte Head, int At, int Length)>();
        var reader = new RowReader(bytes);
        while (!reader.IsAtEnd)
        {
            var head = reader.Byte();
            var length = (int)Math.Min(reader.Number(), int.MaxValue);
            found.Add((head, reader.At, length));
            reader.Bytes(length);
        }
        var needed = new Stack<int>();
        for (var at = found.Count - 1; ; at -= BackOf(found[at].Head))
        {
            if (at < 0)
                throw new InvalidDataException("A column of a block of samples leans on one that was not read.");
            needed.Push(at);
            if (BackOf(found[at].Head) == 0)
                break;
        }
        DenseColumn? last = null;
        foreach (var (head, at, length) in needed.Select(n => found[n]))
            last = Read(head, bytes.Slice(at, length), instants, last);
        return last!;
    }

    /// <summary>Reads one column. <paramref name="other"/> is the one that it leans on.</summary>
    public static DenseColumn Read(byte head, ReadOnlySpan<byte> bytes, int instants, DenseColumn? other)
    {
        var reader = new RowReader(bytes);
        var present = (head & 0x20) == 0 ? null : ReadPresent(ref reader, instants);
        var count = present?.Count(p => p) ?? instants;
        var kind = (DenseKind)(head & 3);
        if (kind == DenseKind.Nothing && count > 0)
            throw new InvalidDataException("A column of a block of samples has no values.");
        if (kind == DenseKind.Nothing)
            return new(present, [], kind, 0);
        if (kind != DenseKind.Constant)
            return ReadNumbers(ref reader, kind, present, new long[count], BackOf(head) == 0 ? null : other, (head & 0x10) != 0);
        Span<byte> whole = stackalloc byte[8];
        var rest = reader.Rest();
        rest[..Math.Min(rest.Length, 8)].CopyTo(whole);
        return new(present, [BinaryPrimitives.ReadInt64BigEndian(whole)], kind, 0);
    }

    public static int BackOf(byte head) => head >> 2 & 3;

    private static (int Back, bool Distance) Choose(DenseColumn column, IReadOnlyList<(DenseColumn Column, int Chain)> before)
    {
        var (best, least) = ((0, false), Numbers(column, null, false, TriedNumbers).Length * 0.96 - 4);
        for (var back = 1; back <= Math.Min(before.Count, DenseColumn.Farthest); back++)
        {
            var (other, chain) = before[back - 1];
            if (!other.Moves || chain >= MostInChain || !column.StandsWith(other))
                continue;
            foreach (var distance in (ReadOnlySpan<bool>)[false, true])
            {
                if (distance && !(column.Kind == DenseKind.Whole && other.Kind == DenseKind.Whole && column.Scale == other.Scale))
                    continue;
                var length = Numbers(column, other, distance, TriedNumbers).Length;
                if (length < least)
                    (best, least) = ((back, distance), length);
            }
        }
        return best;
    }

    private static byte[] Numbers(DenseColumn column, DenseColumn? other, bool distance, int most)
    {
        var numbers = column.Numbers.AsSpan(0, Math.Min(most, column.Numbers.Length)).ToArray();
        for (var i = 0; distance && i < numbers.Length; i++)
            numbers[i] = other!.Numbers[i] - numbers[i];
        var (plan, small) = DensePlan.For(numbers);
        var bytes = new RowBytes(numbers.Length / 2 + 32);
        bytes.Append((byte)(plan.Order | column.Scale << 2 | (plan.Signless ? 0x40 : 0)));
        bytes.AppendNumber(DenseNumbers.Fold(plan.First));
        bytes.AppendNumber((ulong)plan.Step);
        bytes.AppendNumber(DenseNumbers.Fold(plan.Middle));
        bytes.Append((byte)plan.LeastBits);
        bytes.Append((byte)plan.MostBits);
        var coder = new RangeWriter();
        var model = new DenseNumbers(plan.LeastBits, plan.MostBits);
        for (var i = 0; i < small.Length; i++)
            model.Write(coder, small[i], Neighbour(other, i + 1));
        bytes.Append(coder.Finish());
        return bytes.ToArray();
    }

    private static DenseColumn ReadNumbers(ref RowReader reader, DenseKind kind, bool[]? present, long[] numbers, DenseColumn? other, bool distance)
    {
        var how = reader.Byte();
        var plan = new DensePlan
        {
            Order = how & 3,
            Signless = (how & 0x40) != 0,
            First = DenseNumbers.Unfold(reader.Number()),
            Step = (long)reader.Number(),
            Middle = DenseNumbers.Unfold(reader.Number()),
            LeastBits = reader.Byte(),
            MostBits = reader.Byte(),
        };
        var scale = how >> 2 & 15;
        if (numbers.Length == 0 || plan.LeastBits > plan.MostBits || plan.MostBits > 64 || scale > WholeNumbers.MostScale || (other is null ? distance : other.Numbers.Length != numbers.Length))
            throw new InvalidDataException("A column of a block of samples is damaged.");
        var coder = new RangeReader(reader.Rest());
        var model = new DenseNumbers(plan.LeastBits, plan.MostBits);
        for (var i = 1; i < numbers.Length; i++)
            numbers[i] = (long)model.Read(ref coder, Neighbour(other, i));
        plan.Restore(numbers);
        for (var i = 0; distance && i < numbers.Length; i++)
            numbers[i] = unchecked(other!.Numbers[i] - numbers[i]);
        return new(present, numbers, kind, scale);
    }

    private static int Neighbour(DenseColumn? other, int at) => other is null ? 0 : DenseNumbers.ClassOf(unchecked(other.Numbers[at] - other.Numbers[at - 1]));

    /// <summary>The lengths of the runs of presence and absence in turn, presence first; the last run ends with the column.</summary>
    private static void WritePresent(RowBytes to, bool[] present)
    {
        var runs = new List<int>();
        for (var (at, now) = (0, true); at < present.Length; now = !now)
        {
            var from = at;
            while (at < present.Length && present[at] == now)
                at++;
            runs.Add(at - from);
        }
        to.AppendNumber((ulong)runs.Count);
        foreach (var run in runs)
            to.AppendNumber((ulong)run);
    }

    private static bool[] ReadPresent(ref RowReader reader, int instants)
    {
        var present = new bool[instants];
        var now = true;
        var at = 0;
        for (var runs = reader.Number(); runs > 0; runs--, now = !now)
        {
            var run = reader.Number();
            if (run > (ulong)(instants - at))
                throw new InvalidDataException("A column of a block of samples is damaged.");
            present.AsSpan(at, (int)run).Fill(now);
            at += (int)run;
        }
        return present;
    }
}
