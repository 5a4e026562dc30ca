namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// Reads a page of metrics, as a whole or piece by piece as it arrives: Prometheus text 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats) and OpenMetrics 1.0 (the specification's section "ABNF" and its
/// rules on order). The first line that breaks a rule ends the reading with an <see cref="ExpositionRefused"/>.
/// A page that looks like the source's last one is read by the places of its values (<see cref="PageLayout"/>), with the same
/// result. One parser reads one page.
/// </summary>
public sealed class ExpositionParser
{
    private readonly ExpositionFormat _format;
    private readonly ExpositionLimits _limits;
    private readonly SeriesCache _series;
    private PageLayout? _layout;
    private PageLines? _lines;

    /// <summary>Prepares reading of one page; <paramref name="series"/> remembers the source's series between pages.</summary>
    public ExpositionParser(ExpositionFormat format, ExpositionLimits? limits = null, SeriesCache? series = null)
    {
        _format = format;
        _limits = limits ?? ExpositionLimits.Default;
        _series = series ?? new SeriesCache();
        _series.StartPage();
        if (_series.Layout is { } layout && layout.Page.Format == format && layout.Limits == _limits)
        {
            _layout = layout;
            layout.Start();
        }
    }

    /// <summary>Reads a complete page.</summary>
    public static ExpositionPage Parse(ReadOnlySpan<byte> page, ExpositionFormat format, ExpositionLimits? limits = null, SeriesCache? series = null)
    {
        var parser = new ExpositionParser(format, limits, series);
        return parser.Finish(page[parser.Feed(page)..]);
    }

    /// <summary>Reads what it can of a piece and returns how many bytes are done with; the rest is offered again with the next piece.</summary>
    public int Feed(ReadOnlySpan<byte> piece)
    {
        if (_layout is not null)
        {
            // Until the page has ended nothing is done with: its last line may still be another.
            if (piece.Length <= _limits.Bytes && _layout.Match(piece))
                return 0;
            _layout = null;
        }
        return Lines.Feed(piece);
    }

    /// <summary>Ends the page with what remained after the last piece.</summary>
    public ExpositionPage Finish(ReadOnlySpan<byte> rest)
    {
        if (_layout is { } layout)
        {
            if (rest.Length <= _limits.Bytes && layout.Match(rest) && layout.Ends(rest))
                return layout.Page.Again(rest.Length);
            _layout = null;
            rest = rest[Lines.Feed(rest)..];
        }
        return Lines.Finish(rest);
    }

    private PageLines Lines => _lines ??= new PageLines(_format, _limits, _series);
}
