using System.Text;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>A line with a value: <c>name{label="value"} 12.5 timestamp # {exemplar} 1</c>.</summary>
internal readonly ref struct SampleLine
{
    public required ScrapedSeries Series { get; init; }

    public required double Value { get; init; }

    /// <summary>The service's stamp: milliseconds in Prometheus text, seconds in OpenMetrics.</summary>
    public double? Time { get; init; }

    /// <summary>The stamp in milliseconds since 1970.</summary>
    public long? Stamp { get; init; }

    public Exemplar? Exemplar { get; init; }

    /// <summary>How many bytes the value has.</summary>
    public required int ValueLength { get; init; }

    /// <summary>Whether the line is series and value, nothing else: only such lines can be read by their place.</summary>
    public bool IsPlain => Time is null && Exemplar is null;

    public static SampleLine Read(ReadOnlySpan<byte> line, ExpositionFormat format, SeriesCache cache, ExpositionLimits limits)
    {
        var strict = format == ExpositionFormat.OpenMetrics;
        var end = SeriesText.End(line, strict);
        var spelling = line[..end];
        if (!cache.TryGet(spelling, out var series))
            series = SeriesText.Read(spelling, strict, cache, limits);
        var rest = line[end..];
        return strict ? ReadOpenMetrics(series, rest, limits) : ReadPrometheus(series, rest);
    }

    private static SampleLine ReadPrometheus(ScrapedSeries series, ReadOnlySpan<byte> rest)
    {
        rest = rest.Trim(" \t"u8);
        var blank = rest.IndexOfAny((byte)' ', (byte)'\t');
        var number = blank < 0 ? rest : rest[..blank];
        var value = Number(number);
        if (blank < 0)
            return new SampleLine { Series = series, Value = value, ValueLength = number.Length };
        var stamp = rest[blank..].TrimStart(" \t"u8);
        if (!NumberText.TryReadWhole(stamp, out var time))
            throw new LineRefused($"After the value a timestamp in whole milliseconds was expected, not \"{Shown(stamp)}\".");
        return new SampleLine { Series = series, Value = value, ValueLength = number.Length, Time = time, Stamp = time };
    }

    private static SampleLine ReadOpenMetrics(ScrapedSeries series, ReadOnlySpan<byte> rest, ExpositionLimits limits)
    {
        var exemplar = rest.IndexOf(" # "u8);
        var numbers = exemplar < 0 ? rest : rest[..exemplar];
        Numbers(numbers, out var value, out var time, out var length);
        if (time is { } seconds && Math.Abs(seconds) > 1e14)
            throw new LineRefused("The timestamp is out of range; OpenMetrics counts seconds since 1970.");
        return new SampleLine
        {
            Series = series,
            Value = value,
            ValueLength = length,
            Time = time,
            Stamp = Milliseconds(time),
            Exemplar = exemplar < 0 ? null : Exemplar.Read(series, rest[(exemplar + 3)..], limits),
        };
    }

    /// <summary>Reads <c> value</c> or <c> value seconds</c>, each after exactly one space.</summary>
    public static void Numbers(ReadOnlySpan<byte> text, out double value, out double? time, out int length)
    {
        if (text.IsEmpty || text[0] != ' ')
            throw new LineRefused("A space was expected before the value.");
        text = text[1..];
        var space = text.IndexOf((byte)' ');
        length = space < 0 ? text.Length : space;
        value = Number(text[..length]);
        time = null;
        if (space < 0)
            return;
        var stamp = text[(space + 1)..];
        if (!NumberText.TryRead(stamp, out var seconds) || !double.IsFinite(seconds))
            throw new LineRefused($"After the value a timestamp in seconds was expected, not \"{Shown(stamp)}\".");
        time = seconds;
    }

    public static long? Milliseconds(double? seconds) => seconds is { } s ? (long)Math.Round(s * 1000) : null;

    private static double Number(ReadOnlySpan<byte> text)
    {
        if (NumberText.TryRead(text, out var value))
            return value;
        throw text.IsEmpty
            ? new LineRefused("The value is missing.")
            : new LineRefused($"A number was expected as value, not \"{Shown(text)}\".");
    }

    public static string Shown(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 60)]).Replace("\r", "\\r", StringComparison.Ordinal);
        return text.Length > 60 ? shown + "…" : shown;
    }
}
