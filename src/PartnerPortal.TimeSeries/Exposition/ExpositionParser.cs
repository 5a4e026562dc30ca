namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// Reads a page of metrics, as a whole or piece by piece as it arrives: Prometheus text 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats) and OpenMetrics 1.0 (the specification's section "ABNF" and its
/// rules on order). The first line that breaks a rule ends the reading with an <see cref="ExpositionRefused"/>.
/// One parser reads one page.
/// </summary>
public sealed class ExpositionParser
{
    private readonly ExpositionLimits _limits;
    private readonly SeriesCache _series;
    private readonly ExpositionPage _page;
    private readonly MetadataLines _metadata;
    private readonly OpenMetricsRules? _rules;
    private bool _ended;

    /// <summary>Prepares reading of one page; <paramref name="series"/> remembers the source's series between pages.</summary>
    public ExpositionParser(ExpositionFormat format, ExpositionLimits? limits = null, SeriesCache? series = null)
    {
        _limits = limits ?? ExpositionLimits.Default;
        _series = series ?? new SeriesCache();
        _series.StartPage();
        _page = new ExpositionPage(format);
        _rules = format == ExpositionFormat.OpenMetrics ? new OpenMetricsRules(_page, _series) : null;
        _metadata = new MetadataLines(_page, _limits, _rules);
    }

    /// <summary>Reads a complete page.</summary>
    public static ExpositionPage Parse(ReadOnlySpan<byte> page, ExpositionFormat format, ExpositionLimits? limits = null, SeriesCache? series = null)
    {
        var parser = new ExpositionParser(format, limits, series);
        return parser.Finish(page[parser.Feed(page)..]);
    }

    /// <summary>Reads all complete lines of a piece and returns how many bytes they had; the rest is offered again with the next piece.</summary>
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
            consumed += length + 1;
        }
    }

    /// <summary>Ends the page with what remained after the last complete line.</summary>
    public ExpositionPage Finish(ReadOnlySpan<byte> rest)
    {
        RefuseBeyondLimit(rest.Length);
        if (_rules is not null)
        {
            if (rest.Length > 0)
                ReadLine(rest);
            if (!_ended)
                throw new ExpositionRefused("The page ends without the line \"# EOF\" that OpenMetrics asks for; it may be cut off.", _page.Lines + 1);
        }
        else if (rest.Length > 0)
        {
            RefuseStrangeStart(rest);
            throw new ExpositionRefused("The last line has no line end; the page may be cut off.", _page.Lines + 1);
        }
        _series.EndPage(_page.Samples.Count);
        return _page;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        RefuseBeyondLimit(line.Length);
        _page.Lines++;
        _page.Bytes += line.Length + 1;
        try
        {
            if (_rules is null)
                ReadPrometheus(line);
            else
                ReadOpenMetrics(line);
        }
        catch (LineRefused refused)
        {
            throw new ExpositionRefused(refused.Message, _page.Lines);
        }
    }

    private void ReadPrometheus(ReadOnlySpan<byte> line)
    {
        if (_page.Lines == 1)
            RefuseStrangeStart(line);
        line = line.TrimStart(" \t"u8);
        if (line.IsEmpty)
            return;
        if (line[0] == '#')
            _metadata.ReadPrometheus(line);
        else
            Add(SampleLine.Read(line, _page.Format, _series, _limits));
    }

    private void ReadOpenMetrics(ReadOnlySpan<byte> line)
    {
        if (_ended)
            throw new LineRefused("There is text after the line \"# EOF\".");
        if (line.SequenceEqual("# EOF"u8))
            _ended = true;
        else if (line.IsEmpty)
            throw new LineRefused("OpenMetrics has no empty lines.");
        else if (line[0] == '#')
            _metadata.ReadOpenMetrics(line);
        else
        {
            if (_page.Lines == 1)
                RefuseStrangeStart(line);
            Add(SampleLine.Read(line, _page.Format, _series, _limits));
        }
    }

    private void Add(in SampleLine line)
    {
        var series = line.Series;
        if (_page.Samples.Count >= _limits.Samples)
            throw new LineRefused($"The page has more than {_limits.Samples} samples, the limit of this source.");
        if (_rules is not null)
            _rules.Check(line);
        else
        {
            _metadata.SawSample(series.MetricName);
            if (series.Page == _series.Page && line.Time is null)
            {
                _page.Duplicates++;
                return;
            }
        }
        series.Page = _series.Page;
        series.Time = line.Time ?? double.NaN;
        _page.Samples.Add(new ExpositionSample(series, line.Value, line.Milliseconds));
    }

    private void RefuseBeyondLimit(int pending)
    {
        if (_page.Bytes + pending > _limits.Bytes)
            throw new ExpositionRefused($"The page is larger than {Size(_limits.Bytes)}, the limit of this source.", _page.Lines + 1);
    }

    private static void RefuseStrangeStart(ReadOnlySpan<byte> line)
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

    private static string Size(int bytes) =>
        bytes % (1024 * 1024) == 0 ? $"{bytes / (1024 * 1024)} MiB" : $"{bytes} bytes";
}

/// <summary>Why a line cannot be read; the parser adds the line's number.</summary>
internal sealed class LineRefused(string sentence) : Exception(sentence);
