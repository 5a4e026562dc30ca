namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>Reads a page line by line, with every rule, and notes its layout for the next one.</summary>
internal sealed class PageLines
{
    private readonly ExpositionFormat _format;
    private readonly ExpositionLimits _limits;
    private readonly SeriesCache _cache;
    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MetadataLines _metadata;
    private readonly OpenMetricsRules? _rules;
    private readonly List<ScrapedSeries> _series;
    private readonly List<double> _values;
    private readonly List<Exemplar> _exemplars = [];
    private LayoutLearning? _learning = new();
    private List<long>? _stamps;
    private int _duplicates;
    private int _lines;
    private long _bytes;
    private bool _ended;

    public PageLines(ExpositionFormat format, ExpositionLimits limits, SeriesCache cache)
    {
        (_format, _limits, _cache) = (format, limits, cache);
        _rules = format == ExpositionFormat.OpenMetrics ? new OpenMetricsRules(_families, cache) : null;
        _metadata = new MetadataLines(_families, limits, _rules);
        _series = new(cache.LastSeries.Length);
        _values = new(cache.LastSeries.Length);
        cache.Unfold();
    }

    public int Feed(ReadOnlySpan<byte> piece)
    {
        var consumed = 0;
        while (true)
        {
            var length = piece[consumed..].IndexOf((byte)'\n');
            if (length < 0)
            {
                RefuseBeyondLimit(piece.Length - consumed);
                return consumed;
            }
            ReadLine(piece.Slice(consumed, length));
            _bytes++;
            _learning?.Add("\n"u8);
            consumed += length + 1;
        }
    }

    public ExpositionPage Finish(ReadOnlySpan<byte> rest)
    {
        RefuseBeyondLimit(rest.Length);
        if (_rules is not null)
        {
            if (rest.Length > 0)
                ReadLine(rest);
            if (!_ended)
                throw new ExpositionRefused("The page ends without the line \"# EOF\" that OpenMetrics asks for; it may be cut off.", _lines + 1);
        }
        else if (rest.Length > 0)
        {
            StrangeStart.Refuse(rest);
            throw new ExpositionRefused("The last line has no line end; the page may be cut off.", _lines + 1);
        }
        var page = new ExpositionPage(_format)
        {
            Series = _cache.Keep(_series),
            Values = [.. _values],
            Stamps = _stamps?.ToArray(),
            Families = _families,
            Exemplars = _exemplars,
            Duplicates = _duplicates,
            Bytes = _bytes,
            Lines = _lines,
        };
        _cache.EndPage(_series.Count);
        _cache.Fold(_learning?.Layout(page, _limits));
        return page;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        RefuseBeyondLimit(line.Length);
        _lines++;
        _bytes += line.Length;
        try
        {
            if (_rules is null)
                ReadPrometheus(line);
            else
                ReadOpenMetrics(line);
        }
        catch (LineRefused refused)
        {
            throw new ExpositionRefused(refused.Message, _lines);
        }
    }

    private void ReadPrometheus(ReadOnlySpan<byte> whole)
    {
        if (_lines == 1)
            StrangeStart.Refuse(whole);
        var line = whole.TrimStart(" \t"u8);
        if (!line.IsEmpty && line[0] != '#')
        {
            Add(SampleLine.Read(line, _format, _cache, _limits), whole);
            return;
        }
        if (!line.IsEmpty)
            _metadata.ReadPrometheus(line);
        _learning?.Add(whole);
    }

    private void ReadOpenMetrics(ReadOnlySpan<byte> line)
    {
        if (_ended)
            throw new LineRefused("There is text after the line \"# EOF\".");
        if (line.IsEmpty)
            throw new LineRefused("OpenMetrics has no empty lines.");
        if (line[0] != '#')
        {
            if (_lines == 1)
                StrangeStart.Refuse(line);
            Add(SampleLine.Read(line, _format, _cache, _limits), line);
            return;
        }
        _ended = line.SequenceEqual("# EOF"u8);
        if (!_ended)
            _metadata.ReadOpenMetrics(line);
        _learning?.Add(line);
    }

    private void Add(in SampleLine sample, ReadOnlySpan<byte> line)
    {
        var series = sample.Series;
        if (_series.Count >= _limits.Samples)
            throw new LineRefused($"The page has more than {_limits.Samples} samples, the limit of this source.");
        var rule = _rules?.Check(sample) ?? ValueRule.Any;
        if (_rules is null)
        {
            _metadata.SawSample(series.MetricName);
            if (series.Page == _cache.Page && sample.Time is null)
            {
                _duplicates++;
                _learning = null;
                return;
            }
        }
        series.Page = _cache.Page;
        series.Time = sample.Time ?? double.NaN;
        if (sample.Stamp is not null && _stamps is null)
            _stamps = [.. Enumerable.Repeat(ExpositionPage.NoStamp, _series.Count)];
        _stamps?.Add(sample.Stamp ?? ExpositionPage.NoStamp);
        _series.Add(series);
        _values.Add(sample.Value);
        if (sample.Exemplar is not null)
            _exemplars.Add(sample.Exemplar);
        // Stamps and exemplars change with every page, so there is no use in learning where they stand.
        if (!sample.IsPlain)
            _learning = null;
        var end = line.TrimEnd(" \t"u8).Length;
        _learning?.AddSample(line, end - sample.ValueLength, end, rule);
    }

    private void RefuseBeyondLimit(int pending)
    {
        if (_bytes + pending > _limits.Bytes)
            throw new ExpositionRefused($"The page is larger than {Size(_limits.Bytes)}, the limit of this source.", _lines + 1);
    }

    private static string Size(int bytes) =>
        bytes % (1024 * 1024) == 0 ? $"{bytes / (1024 * 1024)} MiB" : $"{bytes} bytes";
}

/// <summary>Pages that begin as something else altogether are named for what they are.</summary>
internal static class StrangeStart
{
    public static void Refuse(ReadOnlySpan<byte> line)
    {
        var start = line.TrimStart(" \t\r\n\ufeff"u8);
        if (start.StartsWith("<"u8))
            throw new ExpositionRefused("The page begins like HTML or XML although it was announced as metrics.", 1);
        if (start.StartsWith("["u8) || start.StartsWith("{\n"u8) || start.StartsWith("{\""u8) || start.SequenceEqual("{"u8))
            throw new ExpositionRefused("The page begins like JSON although it was announced as metrics.", 1);
        if (line.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            throw new ExpositionRefused("The page is gzip data although no Content-Encoding says so.", 1);
        if (line.ContainsAnyInRange((byte)0, (byte)8))
            throw new ExpositionRefused("The page is binary data although it was announced as text.", 1);
    }
}

/// <summary>Why a line cannot be read; <see cref="PageLines"/> adds the line's number.</summary>
internal sealed class LineRefused(string sentence) : Exception(sentence);
